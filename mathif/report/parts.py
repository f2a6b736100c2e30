"""Parts: how the reply and the thinking obey, side by side on the same replies, and when each first slips.

A longer text has more chances to break its constraint, and a thinking is mostly the longer one. So beside the shares
stand the difference at the same length of the judged text and the hazard, which counts each text only as far as it
goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from statistics import median
from typing import Literal, NamedTuple, Self

from mathif.arms import CONSTRAINED, PLAIN, THINKING
from mathif.constraints import KINDS, Target
from mathif.records import Profile
from mathif.report.columns import Columns, columns
from mathif.report.effect_sizes import paired
from mathif.report.marked import PASS, UNMEASURED, MarkedReply, Rows, Sides
from mathif.report.places import PLACES
from mathif.results import ArmParts, Crossed, FirstSlip, PartBin, PartScores, Restating, Slips
from mathif.stats import (
    Array,
    PlaceTrend,
    Ratio,
    Share,
    Survivors,
    break_rate,
    column,
    difference,
    doublings,
    evenly,
    fixed_bins,
    hazard_ratio,
    matched_difference,
    mean,
    place_trend,
    score_test,
    share,
    survival,
    within,
    within_ratio,
)

PER = 1000
"""Tokens (characters) that first violations are counted for."""
SHOWN = 8
"""First violations of each part that a picture leads to."""
PERCENTS = tuple(range(0, 100, 10))
"""Parts of a text, in percent, at which the survival curve is given."""
OPENING = 16
"""Characters of a text that are its very start: its first letter is there, and the comma behind its first word."""

CROSSED = (CONSTRAINED, THINKING)
"""The arms that ask the same of the reply and of the thinking."""

Part = Literal["reply", "thinking", "spared"]
"""What is judged: the final text, the thinking, or the thinking without the sentences that restate a demand."""
PARTS: tuple[Part, ...] = ("reply", "thinking")
SPARED: Part = "spared"
_TARGETS: Mapping[str, str] = {"reply": Target.FINAL.value, "thinking": Target.THINKING.value}
TOKENS, CHARACTERS = "tokens", "characters"


class Measure(NamedTuple):
    """How the texts of a run are measured.

    Attributes:
        unit: what their lengths are in, `TOKENS` or `CHARACTERS`.
        placed: the kinds that any stretch of a text can break and most of whose violations have a place.
    """

    unit: str
    placed: frozenset[str]


_UNPLACED = Measure(CHARACTERS, frozenset())
"""Of texts that are asked only whether they obey."""


@dataclass(frozen=True)
class Texts(Columns):
    """One part of some replies as columns of equal length.

    Attributes:
        item: number of the item.
        problem: number of the problem.
        obeyed: 1.0 where every constraint passed; of the final text of a cut reply 0.0.
        passed: share of the constraints that passed, likewise.
        size: length of the text.
        place: where it first breaks a constraint that any stretch can break, above 0 and at most `size`, or `size`
            where it does not.
        broken: 1.0 where it breaks one.
        opening: whether it breaks one at its very start.
        cut: whether the token limit cut it.
        strewn: whether it has such a constraint, and breaks none at no place (a text in another language, say).
    """

    item: Array
    problem: Array
    obeyed: Array
    passed: Array
    size: Array
    place: Array
    broken: Array
    opening: Array
    cut: Array
    strewn: Array

    @classmethod
    def of(cls, rows: Rows, profile: Profile, part: Part, measure: Measure) -> Self:
        """Read one part of the replies to `rows`, in their order; their thinking can be seen."""
        return cls(*columns([_text(row, row.sides[profile], part, measure) for row in rows], _TYPES))


_TYPES = (int, int, float, float, float, float, float, bool, bool, bool)


def _text(row: MarkedReply, sides: Sides, part: Part, measure: Measure) -> tuple[object, ...]:
    """Return one row of the columns of `Texts`, in their order."""
    outcomes, places = _judged(sides, part)
    cut = row.cut if part == "reply" else row.open
    passed = _passed(outcomes, sides.thinking) * (part != "reply" or row.whole)
    characters = row.reply_chars if part == "reply" else row.thinking_chars
    size = _size(row, part, measure.unit)
    strewn = _strewn(row.every, sides.thinking, measure.placed)
    broken = [places[at] for at in strewn if outcomes[at] != PASS]
    first = min(broken, default=-1)
    return (
        row.item,
        row.problem,
        float(passed == 1),
        passed,
        size,
        size * (first + 1) / (characters + 1) if first >= 0 else size,
        float(first >= 0),
        0 <= first < OPENING,
        cut,
        size > 0 and bool(strewn) and min(broken, default=0) >= 0,
    )


def _judged(sides: Sides, part: Part) -> tuple[bytes, tuple[int, ...]]:
    """Return the outcomes on one part, and where each constraint is first broken."""
    if part == "reply":
        return sides.reply, sides.reply_places
    if part == "thinking":
        return sides.thinking, sides.thinking_places
    return sides.spared, sides.spared_places


@lru_cache(maxsize=4096)  # few rows differ in their marks, here and in the next three
def _known(thinking: bytes) -> tuple[int, ...]:
    """Return the places of the constraints that are measured, given the marks of the thinking."""
    return tuple(place for place, mark in enumerate(thinking) if mark != UNMEASURED)


@lru_cache(maxsize=4096)
def _passed(outcomes: bytes, thinking: bytes) -> float:
    """Return the share of the measured constraints that passed."""
    marks = [outcomes[at] for at in _known(thinking)]
    return marks.count(PASS) / len(marks)


@lru_cache(maxsize=4096)
def _strewn(kinds: tuple[str, ...], thinking: bytes, placed: frozenset[str]) -> tuple[int, ...]:
    """Return the places of the measured constraints of some of the kinds."""
    return tuple(at for at in _known(thinking) if kinds[at] in placed)


@lru_cache(maxsize=4096)
def _measured(kinds: tuple[str, ...], thinking: bytes) -> frozenset[str]:
    """Return the kinds of the measured constraints."""
    return frozenset(kinds[at] for at in _known(thinking))


def _size(row: MarkedReply, part: Part, unit: str) -> float:
    if unit == CHARACTERS:
        return float(row.reply_chars if part == "reply" else row.thinking_chars)
    return float(row.completion_tokens - row.cot_tokens if part == "reply" else row.cot_tokens)


def side_by_side(arms: Mapping[str, Rows], profile: Profile) -> dict[str, ArmParts]:
    """Return the parts of every arm whose replies were judged on both."""
    asked = {arm: rows.where(lambda row: row.every and row.sides and not row.error) for arm, rows in arms.items()}
    seen = {arm: rows.where(lambda row: _known(row.sides[profile].thinking)) for arm, rows in asked.items()}
    hidden = {arm: sum(_hidden(row, profile) for row in rows) for arm, rows in asked.items()}
    measure = _measure([row for rows in seen.values() for row in rows], profile)
    by_arm = {}
    for arm, rows in seen.items():
        if rows or hidden[arm]:
            nobody = rows.at([])
            own = _arm(rows, nobody if arm == PLAIN else seen.get(PLAIN, nobody), profile, measure)
            targets = {target for row in arms[arm] for target in row.asked_of} if arm != PLAIN else set()
            by_arm[arm] = replace(own, unmeasured=hidden[arm], scores=_asked(own.scores, targets))
    return by_arm


def crossed(arms: Mapping[str, Rows], profile: Profile) -> Crossed | None:
    """Return the same demands asked of the reply and of the thinking, paired by item and sample."""
    if not all(arm in arms for arm in CROSSED):
        return None
    told = [arms[arm].where(lambda row: seen_whole(row, profile)) for arm in CROSSED]
    shown, other = _paired(told[0], told[1], profile)
    if not shown:
        return None
    reply, thinking = part_outcomes(shown, profile)["reply"], part_outcomes(other, profile)["thinking"]
    spared = Texts.of(other, profile, SPARED, _UNPLACED).obeyed
    problems = column([row.problem for row in shown], int)
    return Crossed(
        reply=share(reply, problems),
        thinking=share(thinking, problems),
        both=share(reply * thinking, problems),
        gap=difference(thinking, reply, problems),
        spared=share(spared, problems),
        spared_gap=difference(spared, reply, problems),
    )


def _asked(scores: Mapping[str, PartScores], targets: Set[str]) -> dict[str, PartScores]:
    """Return the scores with the parts marked that an arm asks it of."""
    parts = {part: target in targets for part, target in _TARGETS.items()}
    return {part: replace(own, asked=parts.get(part, all(parts.values()))) for part, own in scores.items()}


def _measure(rows: Sequence[MarkedReply], profile: Profile) -> Measure:
    counted = all(0 < row.cot_tokens <= row.completion_tokens for row in rows)
    broken, placeless = Counter[str](), Counter[str]()
    for row, part in product(rows, PARTS):
        outcomes, places = _judged(row.sides[profile], part)
        if row.whole or part != "reply":
            for at in _known(row.sides[profile].thinking):
                if outcomes[at] != PASS:
                    broken[row.every[at]] += 1
                    placeless[row.every[at]] += places[at] < 0
    placed = (kind for kind, known in KINDS.items() if known.strewn and 2 * placeless[kind] <= broken[kind])
    return Measure(TOKENS if counted and rows else CHARACTERS, frozenset(placed))


def seen_whole(row: MarkedReply, profile: Profile) -> bool:
    """Return whether the thinking of a reply can be seen, is whole, and has something to be judged for."""
    return bool(row.every and row.sides and not row.error and not row.open and _known(row.sides[profile].thinking))


def part_outcomes(rows: Rows, profile: Profile) -> dict[str, Array]:
    """Return for `reply`, `thinking` and `both` 1.0 where everything is obeyed there; the rows are `seen_whole`."""
    reply, thinking = (Texts.of(rows, profile, part, _UNPLACED).obeyed for part in PARTS)
    return {"reply": reply, "thinking": thinking, "both": reply * thinking}


def texts_alike(runs: Iterable[Rows], profile: Profile) -> list[dict[Part, Texts]]:
    """Return both parts of the replies of some runs, measured alike; the rows are `seen_whole`."""
    sides = list(runs)
    measure = _measure([row for rows in sides for row in rows], profile)
    return [{part: Texts.of(rows, profile, part, measure) for part in PARTS} for rows in sides]


def beside_plain(rows: Rows, plain: Rows, profile: Profile) -> tuple[Rows, Rows]:
    """Return the rows whose plain partner is `seen_whole` and judged for the same kinds, and these partners."""
    return _paired(rows, plain.where(lambda row: seen_whole(row, profile)), profile)


def violation_rate(texts: Texts) -> Ratio:
    """Return the first violations for each `PER` of length, of the texts that any stretch can break."""
    strewn = texts.where(texts.strewn)
    return break_rate(strewn.broken, strewn.place, strewn.problem, PER)


def _hidden(row: MarkedReply, profile: Profile) -> bool:
    """Return whether a reply has a constraint that could be judged on its thinking, were it to be seen."""
    if _known(row.sides[profile].thinking):
        return False
    could = any(Target.THINKING in KINDS[kind].targets for kind in row.every)
    return could and not row.withheld


def _arm(rows: Rows, plain: Rows, profile: Profile, measure: Measure) -> ArmParts:
    closed = column([not row.open for row in rows], bool)
    items = {row.item for row in rows}
    beside = plain.where(lambda row: row.item in items)
    every = {part: Texts.of(rows, profile, part, measure) for part in (*PARTS, SPARED)}
    bare = {part: Texts.of(beside, profile, part, measure) for part in every}
    told = {part: texts.where(closed) for part, texts in every.items()}
    whole, beside_whole = (side.where(lambda row: not row.open) for side in (rows, beside))
    mine, theirs = (
        _places(own, among) for own, among in zip(_paired(whole, beside_whole, profile), (rows, beside), strict=True)
    )
    shown = {part: every[part].where(mine) for part in PARTS}
    unshown = {part: bare[part].where(theirs) for part in PARTS}
    reply, thinking = told["reply"], told["thinking"]
    spared = told[SPARED].obeyed
    scores = {
        part: replace(
            _beyond(
                _scores(told[part].obeyed, told[part].passed, reply.problem),
                shown[part].obeyed,
                unshown[part].obeyed,
                shown[part].problem,
            ),
            cut=_cut(every[part]) if part == "thinking" else None,
            lengths=_lengths(told[part], bare[part] if plain else None),
            rate=violation_rate(every[part]),
            natural_rate=violation_rate(bare[part]) if plain else None,
        )
        for part in PARTS
    }
    obeyed, passed = reply.obeyed * thinking.obeyed, (reply.passed + thinking.passed) / 2
    with_it, without = (side["reply"].obeyed * side["thinking"].obeyed for side in (shown, unshown))
    in_both = _beyond(_scores(obeyed, passed, reply.problem), with_it, without, shown["reply"].problem)
    return ArmParts(
        n=len(whole),
        unmeasured=0,
        unit=measure.unit,
        scores={"reply": scores["reply"], "thinking": scores["thinking"], "both": in_both},
        gap=difference(thinking.obeyed, reply.obeyed, reply.problem),
        matched=matched_difference(
            thinking.obeyed, thinking.size, reply.obeyed, reply.size, thinking.problem, reply.problem
        ),
        spared=share(spared, thinking.problem),
        naming=difference(spared, thinking.obeyed, thinking.problem),
        restating=_restating(whole, beside_whole, told),
        slips={
            part: replace(_slips(texts, bare[part]), first=_first(rows, texts, profile, part))
            for part, texts in every.items()
        },
    )


def _paired(rows: Rows, plain: Rows, profile: Profile) -> tuple[Rows, Rows]:
    """Return the rows with a plain partner of the same item and sample, judged for the same kinds, and the partners."""
    mine, theirs = paired(rows, plain)
    same = [_alike(*pair, profile) for pair in zip(mine, theirs, strict=True)]
    return mine.kept(same), theirs.kept(same)


def _places(rows: Sequence[MarkedReply], among: Sequence[MarkedReply]) -> Array:
    """Return where among some rows a part of them stands."""
    place = {row.key: at for at, row in enumerate(among)}
    return column([place[row.key] for row in rows], int)


def _alike(row: MarkedReply, other: MarkedReply, profile: Profile) -> bool:
    mine, theirs = (_measured(one.every, one.sides[profile].thinking) for one in (row, other))
    return mine == theirs


def _scores(obeyed: Array, passed: Array, problems: Array) -> PartScores:
    return PartScores(asked=False, hacc=share(obeyed, problems), sacc=mean(passed, problems))


def _beyond(scores: PartScores, shown: Array, bare: Array, problems: Array) -> PartScores:
    """Return scores with natural compliance, and what is beyond it, where there are pairs with the plain replies."""
    if not len(shown):
        return scores
    return replace(scores, natural=share(bare, problems), lift=difference(shown, bare, problems))


def _cut(texts: Texts) -> Share | None:
    stopped = texts.where(texts.cut)
    return share(stopped.obeyed, stopped.problem) if len(stopped.item) else None


def _lengths(told: Texts, bare: Texts | None) -> tuple[PartBin, ...]:
    bins = []
    for one in fixed_bins(told.size):
        mine = told.where(one.holds(told.size))
        theirs = None if bare is None else bare.where(one.holds(bare.size) & ~bare.cut)
        bins.append(
            PartBin(
                low=one.low,
                high=one.high,
                n=len(mine.item),
                hacc=share(mine.obeyed, mine.problem),
                natural=None if theirs is None else share(theirs.obeyed, theirs.problem),
            )
        )
    return tuple(bins)


def hazard_against(texts: Texts, others: Texts) -> Ratio:
    """Return how many times as likely the next violation is in some texts as in others to the same item."""
    place, broken, item, problem = (
        column([*getattr(texts, name).tolist(), *getattr(others, name).tolist()], of)
        for name, of in (("place", float), ("broken", float), ("item", int), ("problem", int))
    )
    given = column([1.0] * len(texts.item) + [0.0] * len(others.item), float)
    return hazard_ratio(place, broken, given, item, problem)


def _slips(told: Texts, bare: Texts) -> Slips:
    """Return when the texts with a constraint that any stretch can break first break one, against the plain ones."""
    mine, theirs = told.where(told.strewn), bare.where(bare.strewn)
    longest = max((0.0, *mine.size.tolist(), *theirs.size.tolist()))
    at = column([place for place in PLACES if place <= longest], float)
    trend = _trend(mine)
    return Slips(
        n=len(mine.item),
        broken=int(mine.broken.sum()),
        hazard=hazard_against(mine, theirs),
        place=trend.ratio,
        even=trend.even,
        middle=_middle(mine),
        told=survival(mine.place, mine.broken, mine.problem, at),
        untold=survival(theirs.place, theirs.broken, theirs.problem, at),
        told_part=_relative(mine),
        untold_part=_relative(theirs),
    )


def _trend(texts: Texts) -> PlaceTrend:
    """Return how the chance of a first violation changes along the texts that get past their very start.

    A capital letter, say, has its chance once a sentence, at the start. The first of these chances has no text before
    it: counted at the place where it stands, it is a break that took no time, and a chance that is the same in every
    sentence seems to fall. The others each have a sentence before them, as has the end of an unbroken text.
    """
    start = max(texts.place[texts.opening].tolist(), default=0.0)
    trend = place_trend(texts.place, texts.broken, texts.item, texts.problem, start)
    if trend.ratio.value is None and start:
        trend = trend._replace(ratio=replace(trend.ratio, reason=f"past the very start, {trend.ratio.reason}"))
    return trend


def _middle(texts: Texts) -> Share | None:
    """Return the part of a text at which first violations stand on average, counted from the first of them on.

    Where the chances stand at the ends of sentences, a text of few has none in its first part: of two chances, at its
    middle and its end, the mean is three quarters.
    """
    whole = texts.where(~texts.cut & (texts.broken == 1))
    if not len(whole.item):
        return None
    first = float(whole.place.min())
    longer = whole.where(whole.size > first)
    return mean((longer.place - first) / (longer.size - first), longer.problem) if len(longer.item) else None


def _first(rows: Sequence[MarkedReply], texts: Texts, profile: Profile, part: Part) -> tuple[FirstSlip, ...]:
    """Return some of the first violations of one part of the replies to `rows`, which `texts` are of."""
    broken = sorted(
        (float(at), row.key, min(place for place in _judged(row.sides[profile], part)[1] if place >= 0))
        for row, at, breaks, strewn in zip(rows, texts.place, texts.broken, texts.strewn, strict=True)
        if breaks and strewn
    )
    return tuple(FirstSlip(key=key, char=char, at=at) for at, key, char in evenly(broken, SHOWN))


def _relative(texts: Texts) -> tuple[Survivors, ...]:
    whole = texts.where(~texts.cut)
    return survival(100 * whole.place / whole.size, whole.broken, whole.problem, column(PERCENTS, float))


def _restating(rows: Sequence[MarkedReply], plain: Sequence[MarkedReply], told: Mapping[Part, Texts]) -> Restating:
    """Return how thinkings restate, and how obeying goes with it; a thinking is judged without what it restates."""
    named = column([row.named >= 0 for row in rows], float)
    thinking = told["thinking"]
    items = {row.item for row in rows}
    bare = [row for row in plain if row.item in items]
    where = column([row.named / row.thinking_chars if row.thinking_chars > 0 else 0.0 for row in rows], float)
    left = thinking.size * (1 - where)
    does = named == 1
    outcomes = {"reply": told["reply"].obeyed, "thinking": told[SPARED].obeyed}
    return Restating(
        restates=share(named, thinking.problem),
        natural=share([row.named >= 0 for row in bare], [row.problem for row in bare]) if bare else None,
        last=mean(where[does], thinking.problem[does]) if does.any() else None,
        distance=round(median(left[does].tolist())) if does.any() else None,
        odds={part: within_ratio(obeyed, named, thinking.item, thinking.problem) for part, obeyed in outcomes.items()},
        odds_p={part: score_test(obeyed, named, thinking.item, thinking.problem) for part, obeyed in outcomes.items()},
        distances={
            part: within(obeyed[does], doublings(1 + left[does]), thinking.item[does], thinking.problem[does])
            for part, obeyed in outcomes.items()
        },
    )
