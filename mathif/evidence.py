"""What replies show beyond numbers: outcomes by problem, to pair two results; a few replies; marks of copies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mathif.arms import CONSTRAINED
from mathif.records import Graded, Key, Outcome, Reply

SHOWN = 3
"""Replies of an entry that the board shows; the same items for every entry of a task."""
MARKED_LETTERS = 100
"""Letters and digits of the shortest line that tells one reply from another."""
FEWEST_MARKS = 10
"""Replies with such a line from which on two sets of replies can be called copies."""


@dataclass(frozen=True, slots=True)
class ShownReply:
    """A reply to read."""

    item: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is left of the replies when the run they made is gone.

    Attributes:
        problems: for each profile and problem how many replies obeyed every constraint, of how many.
        replies: a few replies.
        marks: of every reply with a long line, in order, what two replies to one prompt share only where one of them
            was copied, even if it was changed elsewhere: a digest of its key and of its longest line.
    """

    problems: Mapping[str, Mapping[str, tuple[float, int]]] = field(default_factory=dict)
    replies: tuple[ShownReply, ...] = ()
    marks: tuple[str, ...] = ()

    def copies(self, other: Evidence) -> bool:
        """Whether more than half of these replies, or of the other's, are those of the other."""
        fewer = min(len(self.marks), len(other.marks))
        return fewer >= FEWEST_MARKS and 2 * len(set(self.marks).intersection(other.marks)) > fewer


class Onlooker:
    """Gathers the evidence while the replies and the verdicts of a run are read once."""

    def __init__(self, asked: Iterable[str]) -> None:
        """Choose, of the keys that are asked, a few of the first samples at even distances."""
        keys = sorted(key for key in asked if (parsed := Key.parse(key)).arm == CONSTRAINED and parsed.sample == 0)
        count = min(SHOWN, len(keys))
        self._texts = {keys[(2 * place + 1) * len(keys) // (2 * count)]: "" for place in range(count)}
        self._rows: dict[str, Graded] = {}
        self._obeyed: dict[str, tuple[str, dict[str, bool]]] = {}
        self._marks: list[str] = []

    def hear(self, reply: Reply) -> None:
        """Keep the mark of a reply, and the text of one that is shown."""
        self._marks += _marks(reply)
        if reply.key in self._texts:
            self._texts[reply.key] = reply.final or reply.thinking

    def judge(self, row: Graded) -> None:
        """Count one verdict, and keep that of a reply that is shown."""
        if row.key in self._texts:
            self._rows[row.key] = row.measured()
        if row.arm != CONSTRAINED or not row.kinds or row.unmeasured:
            return
        passed = {
            profile.value: row.whole and all(verdict.passed for verdict in verdicts)
            for profile, verdicts in row.constraints.items()
        }
        self._obeyed[row.key] = f"{Key.parse(row.key).task}/{row.problem}", passed

    def evidence(self) -> Evidence:
        """Return what was gathered, whatever the order in which it came."""
        problems: dict[str, dict[str, tuple[float, int]]] = {}
        for _, (problem, passed) in sorted(self._obeyed.items()):
            for profile, obeyed in passed.items():
                known = problems.setdefault(profile, {})
                sum_, count = known.get(problem, (0.0, 0))
                known[problem] = sum_ + obeyed, count + 1
        shown = tuple(_shown(self._rows[key], text) for key, text in self._texts.items())
        return Evidence(problems, shown, tuple(sorted(self._marks)))


def _marks(reply: Reply) -> Iterator[str]:
    longest = max(f"{reply.thinking}\n{reply.final}".splitlines(), key=len)
    letters = "".join(filter(str.isalnum, longest.casefold()))
    if len(letters) >= MARKED_LETTERS:
        yield hashlib.sha256(f"{reply.key} {letters}".encode()).hexdigest()[:12]


def _ending(row: Graded) -> str:
    """Return why there is no whole reply to judge, "" where there is one."""
    return "cut by the token limit" if row.cut else row.answer.reason if row.withheld else ""


def _shown(row: Graded, text: str) -> ShownReply:
    key = Key.parse(row.key)
    verdicts = next(iter(row.constraints.values()))
    marks = {Outcome.PASS: "obeyed", Outcome.FAIL: "violated", Outcome.UNGRADED: "ungraded"}
    said = ["right" if row.answer.passed else "not right"]
    said += [f"{kind} {marks[verdict.outcome]}" for kind, verdict in zip(row.kinds, verdicts, strict=True)]
    return ShownReply(f"{key.task}/{key.item}", _ending(row) or ", ".join(said), text)
