"""Refresh: what the constraints bring back when they stand once more inside the thinking, against neutral text there.

A longer text has more chances to slip; an instruction may also lose its hold on the way. Where there are only more
chances, the hazard after a reminder is what it is after neutral text, or differs alike, wherever the two stand; where
the hold weakens, a reminder gains the more the more thinking stands before it. What is judged is what the model wrote
after the inserted text and nothing before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from mathif.constraints import Constraint, Target, judge
from mathif.interventions import REMIND, Intervention
from mathif.json_values import Json, JsonObject, fields
from mathif.records import Outcome, Profile, Reply, Span
from mathif.report.marked import PASS, MarkedReply
from mathif.results import Refresh, RefreshPoint
from mathif.stats import Array, Ratio, break_rate, column, hazard_growth, hazard_ratio, odds_growth

PER = 1000
"""Characters that first violations are counted for."""
PARTS: Mapping[str, Target] = {"reply": Target.FINAL, "thinking": Target.THINKING}

Slip = tuple[int, int]
"""Characters of a text, and where it first breaks a constraint that any stretch can break, -1 where it does not."""
After = Mapping[str, Mapping[str, Slip]]
"""For each profile and part of a reply the text that follows an inserted one; no part without such a constraint."""


def unwritten(reply: Reply, begun: int) -> Reply:
    """Return a reply of whose thinking only that is judged which the model wrote after the first `begun` characters."""
    rest = _rest(reply.thinking, reply.thinking_at, begun)
    return replace(reply, given=len(reply.thinking) - len(rest))


def after(reply: Reply, constraints: Sequence[Constraint], begun: int) -> dict[str, dict[str, Slip]]:
    """Judge what a reply says after its first `begun` characters, the beginning that was written for it."""
    texts = {
        "reply": _rest(reply.final, reply.final_at, begun),
        "thinking": _rest(reply.thinking, reply.thinking_at, begun),
    }
    return {profile.value: dict(_slips(texts, constraints, profile)) for profile in Profile}


def read_after(row: JsonObject) -> After:
    """Read what `after` returned, once it was JSON.

    Raises:
        ValueError: for anything else.
    """
    judged = {profile: fields(row, profile) for profile in row}
    return {profile: {part: _slip(parts[part]) for part in parts} for profile, parts in judged.items()}


def _slip(value: Json) -> Slip:
    match value:
        case [int(size), int(place)]:
            return size, place
    raise ValueError(f"found {value!r:.80}, expected the characters of a text and a place in it")


def _rest(text: str, places: Sequence[Span], begun: int) -> str:
    """Return the part of a text whose parts stand at `places` of the raw reply, from character `begun` of that on."""
    kept = sum(place.end - place.start for place in places if place.start >= begun)
    straddling = next((place.end - begun for place in places if place.start < begun < place.end), 0)
    joints = len(text) - sum(place.end - place.start for place in places)
    size = kept + straddling + (joints if kept and straddling else 0)
    return text[len(text) - size :] if size else ""


def _slips(texts: Mapping[str, str], constraints: Sequence[Constraint], profile: Profile) -> Iterator[tuple[str, Slip]]:
    for part, text in texts.items():
        strewn = [one for one in constraints if one.strewn and PARTS[part] in one.targets]
        if not strewn or not text.strip():
            continue
        broken = [verdict for one in strewn if (verdict := judge(one, text, profile)).outcome is Outcome.FAIL]
        places = [verdict.evidence[0].start for verdict in broken if verdict.evidence]
        if len(places) == len(broken):
            yield part, (len(text), min(places, default=-1))


class _Text(NamedTuple):
    """One text that follows an insertion."""

    part: float
    neutral: float
    place: float
    broken: float
    item: int
    problem: int


def refresh(
    rows: Iterable[MarkedReply], slips: Mapping[str, After], interventions: Sequence[Intervention], profile: Profile
) -> dict[str, Refresh]:
    """Return what reminders inside the thinking bring back, by part of the reply; nothing where there were none.

    Args:
        rows: the graded rows of the probe.
        slips: what `after` said of each edited reply, by its key.
        interventions: what was done.
        profile: the rules that judged.
    """
    inside = [one for one in interventions if one.family == REMIND and one.inside]
    arms = {one.arm: (one.amount, 0.0) for one in inside} | {one.control_arm: (one.amount, 1.0) for one in inside}
    kept = [row for row in rows if row.arm in arms and not row.error]
    curves: dict[str, Refresh] = {}
    for name in PARTS if inside else ():
        texts = [
            _Text(*arms[row.arm], place, float(slip >= 0), row.item, row.problem)
            for row in kept
            if (known := slips.get(row.key, {}).get(profile.value, {}).get(name))
            for size, slip in [known]
            for place in [float(1 + (slip if slip >= 0 else size))]
        ]
        curves[name] = Refresh(
            points=tuple(_points(texts)),
            growth=hazard_growth(*_columns(texts)),
            loss=_loss(texts) if name == "thinking" else None,
        )
    if inside:
        whole = [
            _Text(*arms[row.arm], 1.0, 1.0 - obeys, row.item, row.problem)
            for row in kept
            if (obeys := _obeys(row, profile)) is not None
        ]
        curves["reply"] = replace(curves["reply"], odds=odds_growth(*_columns(whole)[1:]))
    return curves


def _loss(texts: Sequence[_Text]) -> Ratio:
    """Return by what factor the hazard after neutral text grows while the place of that goes from 0 to 1."""
    place, broken, _, part, item, problem = _columns([text for text in texts if text.neutral])
    return hazard_ratio(place, broken, part, item, problem)


def _obeys(row: MarkedReply, profile: Profile) -> bool | None:
    """Return whether the final text obeys everything, asked of it or of the thinking; None where nothing is known."""
    marks = (
        row.sides[profile].reply if row.sides and Target.THINKING.value in row.asked_of else row.judged[profile].strict
    )
    return row.whole and all(mark == PASS for mark in marks) if marks else None


def _points(texts: Sequence[_Text]) -> Iterator[RefreshPoint]:
    for part in sorted({text.part for text in texts}):
        here = [text for text in texts if text.part == part]
        place, broken, neutral, _, item, problem = _columns(here)
        rates = [break_rate(broken[mask], place[mask], problem[mask], PER) for mask in (neutral == 0, neutral == 1)]
        yield RefreshPoint(
            part=part,
            n=int((neutral == 0).sum()),
            reminded=rates[0],
            neutral=rates[1],
            gain=hazard_ratio(place, broken, neutral, item, problem),
        )


def _columns(texts: Sequence[_Text]) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Return the columns that a hazard is fitted to: place, broken, neutral, part, item, problem."""
    return (
        column([text.place for text in texts], float),
        column([text.broken for text in texts], float),
        column([text.neutral for text in texts], float),
        column([text.part for text in texts], float),
        column([text.item for text in texts], int),
        column([text.problem for text in texts], int),
    )
