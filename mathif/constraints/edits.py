"""Edits: the small changes of text that `comply` and `defy` are made of; none of them touches the answer box.

A room of its own so that every kind edits in the same way, and the edits of several kinds compose into a witness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice

from mathif.constraints import box
from mathif.constraints.language import UNDETERMINED, identify
from mathif.constraints.words import view, words

_FILLER = "Each small step was checked twice by hand before going on with another one until nothing else came up here"


def answer_box(body: str) -> str:
    r"""Return the last answer box of `body` with the mathematics it stands in (`$\boxed{5}$`), or ""."""
    span = box.around(body)
    return "" if span is None else body[span.start : span.end]


def around_boxes(edit: Callable[[str], str], body: str) -> str:
    """Return `body` with `edit` applied to everything but its answer boxes."""
    parts: list[str] = []
    done = 0
    for start, end in view(body).boxes:
        parts += [edit(body[done:start]), body[start:end]]
        done = end
    return "".join([*parts, edit(body[done:])])


def without(pattern: str, body: str, keep: int = 0) -> str:
    """Return `body` without what `pattern` matches outside the boxes, in any letter case; the first `keep` stay."""
    seen = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return match.group() if seen <= keep else ""

    return around_boxes(lambda part: re.sub(pattern, replace, part, flags=re.IGNORECASE), body)


def without_word(word: str, body: str, keep: int = 0) -> str:
    """Return `body` without `word` where it stands as a whole word outside the boxes; as `without`."""
    return without(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", body, keep)


def before(addition: str, body: str) -> str:
    """Return `body` with `addition` on a line of its own in front, so that the answer stays last."""
    return f"{addition}\n{body}"


def filler(body: str, least_chars: int = 1) -> Iterator[str]:
    """Yield, without end, words that fit into `body`: plain English, or its own words if it is in another language."""
    own = list(dict.fromkeys(word.group() for word in words(body) if len(word.group()) >= least_chars))
    plain = [word for word in _FILLER.split() if len(word) >= least_chars]
    yield from cycle(own if len(own) > 1 and identify(body) not in ("en", UNDETERMINED) else plain)


def woven(listed: Iterable[str], body: str) -> str:
    """Return `listed` as one line, a word of `filler` before each, so that no two stand in a row."""
    return " ".join(f"{plain} {one}" for one, plain in zip(listed, filler(body), strict=False))


def fill(body: str, count: int) -> str:
    """Return `count` words of `filler` as one line."""
    return " ".join(islice(filler(body), count))
