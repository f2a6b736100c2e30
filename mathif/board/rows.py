"""Rows of the board, made from entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar, get_args

from mathif.arms import BOTH, CONSTRAINED, PLAIN, THINKING
from mathif.board.model import Badge, BoardBin, BoardKind, BoardRow, FloorMark, ModelCard
from mathif.entry import Entry
from mathif.evidence import Evidence
from mathif.plan import IN_OTHER_WORDINGS
from mathif.records import Profile
from mathif.results import METRICS, LengthBin, ProfileReport
from mathif.stats import Estimate, Share

Group = Literal["model", "method", "reference", "grey"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""The parts of a table in their order: models asked as they are, which alone are ranked; models that were trained or
asked in another way; references; entries that do not hold."""
ASKING_OF_THINKING = (BOTH, THINKING, CONSTRAINED)
"""The arms that may ask of the thinking; of these the board shows the first, and all else of `CONSTRAINED`."""
Number = TypeVar("Number", bound=Estimate)
OFFICIAL = frozenset({"mathif", "reasonif", "cotcontrol"})
"""The tasks that are shown under the rules of their published code too."""


def group_of(row: BoardRow) -> Group:
    """Return the part of its table that a row stands in."""
    if row.badge in ("stale", "refused"):
        return "grey"
    if row.badge == "floor":
        return "reference"
    return "method" if row.method else "model"


@dataclass(frozen=True, slots=True)
class Contender:
    """A row before it is ranked.

    Attributes:
        row: the row.
        problems: for each problem how many replies obeyed every constraint, of how many; empty where there are no
            replies. It pairs rows in their ranking and is not shown.
    """

    row: BoardRow
    problems: Mapping[str, tuple[float, int]] = field(default_factory=dict)


def above_floor(own: Share | None, floor: float | None) -> Estimate | None:
    """Return a share minus that of the null reply."""
    if own is None or own.value is None or floor is None:
        return None
    low, high = (None if end is None else end - floor for end in (own.low, own.high))
    return Estimate(own.value - floor, low, high, own.n, own.problems)


def of_entry(entry: Entry, badge: Badge, evidence: Evidence) -> Iterator[Contender]:
    """Yield the rows of an entry: one, and for a task of `OFFICIAL` another one under upstream's rules."""
    official = any(task.name in OFFICIAL for task in entry.tasks)
    for profile in (Profile.MATHIF, Profile.UPSTREAM) if official else (Profile.MATHIF,):
        yield Contender(_row(entry, profile, badge, evidence), evidence.problems.get(profile.value, {}))


def of_refused(entry: Entry, reason: str) -> Iterator[Contender]:
    """Yield the rows of an entry that does not hold: what it is, why it is refused, and no number."""
    for one in of_entry(entry, "refused", Evidence()):
        settings = {"refused": reason, **one.row.settings}
        yield Contender(replace(one.row.without_numbers(), settings=settings))


def _row(entry: Entry, profile: Profile, badge: Badge, evidence: Evidence) -> BoardRow:
    figures, inference, model = entry.profiles[profile], entry.inference, entry.model
    arm, tokens = figures.arms[CONSTRAINED], entry.tokens.get(CONSTRAINED)
    plain, effects, parts = figures.arms.get(PLAIN), figures.effects.get(CONSTRAINED), parts_asked(figures)
    lengths, net = figures.length.arms.get(CONSTRAINED), figures.length.net_of_placebo.get(CONSTRAINED)
    worded = figures.reliable.get(CONSTRAINED)
    generated, floor = tokens.completion if tokens else None, _floor(figures)
    return BoardRow(
        rank=None,
        name=entry.name,
        badge=badge,
        model=ModelCard(
            id=model.id,
            organisation=model.organisation,
            parameters_b=model.parameters_b,
            open=model.open,
            licence=model.licence,
            link=model.link,
        ),
        reasoning=_thinks(entry),
        task=" + ".join(f"{task.name} {task.version}" for task in entry.tasks),
        profile=profile,
        submitter=entry.submitter,
        samples=inference.samples,
        limit=inference.limit,
        settings=_settings(entry),
        **{metric.key: known(metric.figure(arm.overall)) for metric in METRICS},
        acc_plain=known(plain.overall.acc) if plain else None,
        lift=known(effects.lift.hacc) if effects and effects.lift else None,
        dilution=None if lengths is None or lengths.reply_is_cot else known(net),
        thinking=parts.get("thinking"),
        reply=parts.get("reply"),
        both=parts.get("both"),
        reliable=known(worded.every) if worded and worded.wordings > len(IN_OTHER_WORDINGS[CONSTRAINED]) else None,
        above_floor=above_floor(arm.overall.hacc, floor.hacc),
        sacc_above_floor=above_floor(arm.overall.sacc, floor.sacc),
        floor=floor,
        open=arm.overall.open / arm.overall.n if arm.overall.n else None,
        tokens=generated.total / generated.known if generated and generated.known else None,
        lengths=tuple(map(_length, arm.by_length.edges)),
        kinds=tuple(
            BoardKind(kind=kind, obeyed=known(scores.obeyed), floor=scores.floor.value)
            for kind, scores in arm.by_kind.items()
        ),
        replies=evidence.replies,
        method="",
    )


def _floor(figures: ProfileReport) -> FloorMark:
    null, fixed = figures.arms[CONSTRAINED].floor, figures.arms[CONSTRAINED].fixed
    best = (fixed.hacc.value, fixed.sacc.value) if fixed else ()
    return FloorMark(null.hacc.value or 0.0, null.sacc.value or 0.0, *best)


def parts_asked(figures: ProfileReport) -> dict[str, Share | None]:
    """Return how thinking, reply and both obey in the first arm that asks it of the thinking, if any does."""
    for arm in ASKING_OF_THINKING:
        scores = figures.parts[arm].scores if arm in figures.parts else {}
        if "thinking" in scores and scores["thinking"].asked:
            return {part: known(own.hacc) for part, own in scores.items() if own.asked}
    return {}


def known(estimate: Number | None) -> Number | None:
    """Return an estimate, or None where its value is unknown."""
    return None if estimate is None or estimate.value is None else estimate


def _length(bin_: LengthBin) -> BoardBin:
    return BoardBin(low=bin_.low, high=bin_.high, n=bin_.n, hacc=known(bin_.hacc), acc=known(bin_.acc))


def _thinks(entry: Entry) -> bool | None:
    """Return whether thinking was found in more than half of the replies; None where there are none."""
    read = entry.inference.reasoning
    thought = read.server + read.tags
    return thought * 2 > thought + read.none if thought + read.none else None


def _settings(entry: Entry) -> dict[str, str]:
    """Return what was set, as text, in the order in which it is shown."""
    inference, model = entry.inference, entry.model
    sampling, engine = inference.sampling, inference.engine
    given = {
        "engine": " ".join(str(engine[name]) for name in ("engine", "version") if engine.get(name)),
        "temperature": sampling.temperature,
        "top-p": sampling.top_p,
        "most tokens": sampling.max_tokens,
        "seed": sampling.seed,
        "reasoning mode": inference.reasoning.mode,
        "revision": model.revision,
        "precision": model.precision,
        "hardware": inference.hardware,
        "mathif": entry.mathif,
        "registered before the first reply": entry.registered and entry.registered[:12],
    }
    return {name: str(value) for name, value in given.items() if value not in (None, "")}
