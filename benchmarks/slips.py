"""What a report says of where thinkings first slip, in worlds of which it is known how likely each sentence is to.

    python benchmarks/slips.py [--runs 40]

Replies are written out as text, split, judged and reported. Each sentence of a thinking slips with a chance that is the
world's law of its place; problems differ in strictness, and thinkings in length. Slips stand anywhere in a sentence, at
its first letter, behind its first word, or in its last word.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

from tabulate import tabulate

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mathif.constraints import Target, parse
from mathif.grading import graded
from mathif.items import Item
from mathif.reasoning import split
from mathif.records import Finish, Generation, Graded, Key, Problem, Profile
from mathif.report.marked import read
from mathif.report.parts import side_by_side
from mathif.wording import of_parts

PROBLEMS = 60
STRICTNESS, LENGTH = 0.5, 0.6
"""Standard deviations: of the log of a problem's strictness, and of a thinking's length in doublings."""

Law = Callable[[int, int], float]
"""From the number of a sentence, from 0, and how many there are, to the chance that it slips."""


class World(NamedTuple):
    """A law, and what may be said of it.

    Attributes:
        law: the chance of a slip.
        right: what is right to say.
        contrary: what is the contrary.
    """

    law: Law
    right: str
    contrary: tuple[str, ...]


EVEN, RISES, FALLS = "the same", "likelier", "less likely"
WORLDS: Mapping[str, World] = {
    "the same, 0.03": World(lambda k, n: 0.03, EVEN, (RISES, FALLS)),
    "the same, 0.1": World(lambda k, n: 0.1, EVEN, (RISES, FALLS)),
    "the same, 0.3": World(lambda k, n: 0.3, EVEN, (RISES, FALLS)),
    "rises in proportion": World(lambda k, n: 0.06 * (k + 0.5) / 20, RISES, (FALLS, EVEN)),
    "rises with the root": World(lambda k, n: 0.05 * math.sqrt((k + 0.5) / 20), RISES, (FALLS, EVEN)),
    "steps up after three fifths": World(lambda k, n: 0.01 if k < 0.6 * n else 0.12, RISES, (FALLS, EVEN)),
    "in the last two only": World(lambda k, n: 0.25 if k >= n - 2 else 0.0, RISES, (FALLS, EVEN)),
    "falls, power -0.6": World(lambda k, n: 0.04 * ((k + 0.5) / 20) ** -0.6, FALLS, (RISES, EVEN)),
    "in the first three only": World(lambda k, n: 0.15 if k < 3 else 0.0, FALLS, (RISES, EVEN)),
}
SIZES = {"20 sentences, 2 replies": (20, 2), "6 sentences, 4 replies": (6, 4)}
SAID = {
    "the same all along": EVEN,
    "less likely further in": FALLS,
    "likelier further in (": RISES,
    "towards its end": RISES,
}
"""What a sentence says, by words of it; the first that it holds counts."""

PLACES = ("anywhere", "first letter", "behind the first word", "last word")
KINDS: Mapping[str, Mapping[str, object]] = {
    "punctuation:no_comma": {},
    "change_case:small_letters": {},
    "keywords:forbidden_words": {"forbidden_words": ["banana"]},
}


def sentence(rng: Random) -> list[str]:
    """Return the words of a sentence that slips nowhere."""
    words = "now we take the other side and it holds as the sum was known before that step".split()  # noqa: SIM905
    return rng.sample(words, rng.randint(6, 10))


def slip(kind: str, words: list[str], place: str, rng: Random) -> None:
    """Break a constraint at a place of a sentence."""
    last = len(words) - 1
    at = {"first letter": 0, "behind the first word": 0, "last word": last}.get(place, rng.randint(0, last))
    behind = place == "behind the first word"
    if kind == "punctuation:no_comma":
        words[at] = f"{words[at]}," if behind or place == "anywhere" else f",{words[at]}"
    elif kind == "change_case:small_letters":
        words[at + behind] = words[at + behind].capitalize()
    else:
        words.insert(at + behind, "banana")


def rows(law: Law, place: str, sentences: int, samples: int, seed: int) -> Iterator[Graded]:
    """Yield the graded replies of one run."""
    rng = Random(f"{place} {sentences} {seed}")
    for number in range(PROBLEMS):
        kind = list(KINDS)[number % len(KINDS)]
        demand = replace(parse(kind, KINDS[kind]), target=Target.THINKING)
        problem = Problem(f"p{number}", f"What is {number} + 7?", str(number + 7), "slips")
        item = Item(f"p{number}-1", problem, (demand,), demand.wordings()[:1])
        strict = math.exp(rng.gauss(0, STRICTNESS))
        for sample in range(samples):
            texts = [sentence(rng) for _ in range(max(2, round(sentences * 2 ** rng.gauss(0, LENGTH))))]
            for at, words in enumerate(texts):
                if rng.random() < strict * law(at, len(texts)):
                    slip(kind, words, place, rng)
            thinking = " ".join(" ".join(words) + "." for words in texts)
            key, length = Key("slips", item.key, "thinking", sample), len(thinking.split())
            text = f"<think>\n{thinking}\n</think>\n\nthe answer is \\boxed{{{problem.answer}}}."
            said = Generation(str(key), text, Finish.STOP, completion_tokens=length + 4, reasoning_tokens=length)
            yield graded(item, key, split(said))


def told(graded_rows: Iterator[Graded]) -> str:
    """Return what is said of the place of first violations in the thinking."""
    figures = side_by_side({"thinking": read(graded_rows)}, Profile.MATHIF)
    [line] = [line for line in of_parts(figures) if "first violation" in line]
    return next((name for words, name in SAID.items() if words in line), "not told")


def main() -> None:
    """Print for each world how often what is said is right, nothing, or the contrary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    table = []
    for name, world in WORLDS.items():
        for size, (sentences, samples) in SIZES.items():
            row = [name, size]
            for place in PLACES:
                said = Counter(told(rows(world.law, place, sentences, samples, seed)) for seed in range(runs))
                row.append(f"{said[world.right]} / {said['not told']} / {sum(said[one] for one in world.contrary)}")
            table.append(row)
            print(tabulate([row], tablefmt="plain"), file=sys.stderr)
    print(tabulate(table, ["chance of a slip", "thinkings of", *PLACES], tablefmt="pipe"))


if __name__ == "__main__":
    main()
