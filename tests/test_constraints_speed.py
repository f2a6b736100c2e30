"""Every judge takes time in proportion to the text, on texts made to break pattern matchers too."""

from collections.abc import Callable

import pytest

from mathif.constraints import KINDS, Constraint, judge
from mathif.constraints.words import view
from mathif.records import Profile
from mathif.testing import drawn
from tests.linear import GROWTH, linear

DEGENERATE: dict[str, Callable[[int], str]] = {
    "newlines": lambda size: "\n" * size + "a",
    "spaces": lambda size: "a" + " " * size + "a",
    "stars": lambda size: "*" * size,
    "spaced stars": lambda size: "* " * (size // 2),
    "star lines": lambda size: "* \n" * (size // 3),
    "dashes": lambda size: "-\n" * (size // 2),
    "underscores": lambda size: "_" * size,
    "opening braces": lambda size: "{" * size,
    "closing braces": lambda size: "\\boxed{" + "}" * size,
    "boxes": lambda size: "\\boxed{" * (size // 7),
    "closed boxes": lambda size: "\\boxed{" * (size // 14) + "}" * (size // 14),
    "dollars": lambda size: "$" * size,
    "dollar signs apart": lambda size: "$a" * (size // 2),
    "parentheses": lambda size: "\\(" * (size // 2),
    "backslashes": lambda size: "\\" * size,
    "environments": lambda size: "\\begin{align}" * (size // 13),
    "quotes": lambda size: '"' * size,
    "words and commas": lambda size: "a," * (size // 2),
    "one word": lambda size: "a" * size,
    "capitals": lambda size: "A" * size,
    "sections": lambda size: "Section 1 " * (size // 10),
    "blank lines": lambda size: "*a\n\n" * (size // 4),
    "pipes": lambda size: "|" * size,
    "digits": lambda size: "1" * size,
}
SMALL = 1_000


def afresh(constraint: Constraint, profile: Profile) -> Callable[[str], None]:
    """Return a judgement of which nothing is remembered."""

    def judged(text: str) -> None:
        view.cache_clear()
        judge(constraint, text, profile)

    return judged


@pytest.mark.parametrize("name", DEGENERATE)
def test_judging_takes_time_in_proportion_to_the_text(name: str) -> None:
    small, large = (DEGENERATE[name](size) + " " for size in (SMALL, SMALL * GROWTH))
    for kind in KINDS.values():
        constraint, _ = drawn(kind)[0]
        for profile in Profile if kind.official else (Profile.MATHIF,):
            assert linear(afresh(constraint, profile), small, large), kind.kind
