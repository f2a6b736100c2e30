"""What replies show beyond numbers: outcomes by problem, to pair two results, and a few replies to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mathif.arms import CONSTRAINED
from mathif.records import Graded, Key, Outcome, Reply

SHOWN = 3
"""Replies of an entry that the board shows; the same items for every entry of a task."""


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
    """

    problems: Mapping[str, Mapping[str, tuple[float, int]]] = field(default_factory=dict)
    replies: tuple[ShownReply, ...] = ()


class Onlooker:
    """Gathers the evidence while the replies and the verdicts of a run are read once."""

    def __init__(self, asked: Iterable[str]) -> None:
        """Choose, of the keys that are asked, a few of the first samples at even distances."""
        keys = sorted(key for key in asked if (parsed := Key.parse(key)).arm == CONSTRAINED and parsed.sample == 0)
        count = min(SHOWN, len(keys))
        self._texts = {keys[(2 * place + 1) * len(keys) // (2 * count)]: "" for place in range(count)}
        self._rows: dict[str, Graded] = {}
        self._obeyed: dict[str, tuple[str, dict[str, bool]]] = {}

    def hear(self, reply: Reply) -> None:
        """Keep the text of a reply that is shown."""
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
        return Evidence(problems, tuple(_shown(self._rows[key], text) for key, text in self._texts.items()))


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
