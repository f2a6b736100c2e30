"""Findings: what the intervals of a report support, said in plain sentences, and nothing that they do not."""

from __future__ import annotations

from collections.abc import Iterator

from mathif.results import ArmEffects, ArmReport, LengthEffects, LengthSlopes, ProfileReport
from mathif.stats import Estimate, Ratio
from mathif.wording.numbers import in_log_odds, in_percent, in_points, in_times

_SUBJECTS = {"hacc": "the share that obeys every constraint", "acc": "the share of right answers"}


def of_report(found: ProfileReport) -> list[str]:
    """Return sentences on the arms that show constraints: floor, truncation, lift, cost, and the length effect."""
    return [
        sentence
        for arm, figures in found.arms.items()
        if arm != "plain" and figures.overall.hacc.n
        for sentence in (
            *_scores(arm, figures),
            *_instruction(arm, found.effects[arm]),
            *_length(arm, "hacc", found.length.arms[arm].hacc),
            *_placebo(arm, found.length),
            *_length(arm, "acc", found.length.arms[arm].acc),
            *_fading(arm, found.effects[arm].fading),
            *_summary(arm, found.length.arms[arm].hacc, found.effects[arm].fading),
        )
    ]


def _scores(arm: str, figures: ArmReport) -> Iterator[str]:
    hacc, floor = figures.overall.hacc, figures.floor.hacc
    if floor.value is not None and hacc.sign(floor.value) < 1:
        yield (
            f"{arm}: HAcc {in_percent(hacc)} is not above the {100 * floor.value:.1f} % of the null reply,"
            " which ignores every instruction."
        )
    cut = figures.overall.truncated
    if cut:
        yield (
            f"{arm}: {cut} of {figures.overall.n} replies were cut by the token limit; HAcc is {in_percent(hacc)}"
            f" with them as failures and {in_percent(figures.without_truncated.hacc)} without them."
        )


def _instruction(arm: str, figures: ArmEffects) -> Iterator[str]:
    if figures.lift and figures.lift.hacc.value is not None:
        lift = figures.lift.hacc
        says = {1: "raises", -1: "lowers", 0: "does not measurably change"}[lift.sign()]
        yield (
            f"{arm}: being given the instructions {says} the share of replies that obey them all"
            f" ({in_points(lift)} against the plain replies to the same problems)."
        )
    cost = figures.cost_of_obedience
    if cost and cost.value is not None:
        says = {
            1: f"the instructions cost {in_points(cost)} of accuracy.",
            -1: f"the instructions gain {in_points(cost, turn=True)} of accuracy.",
            0: f"no cost in accuracy is shown ({in_points(cost)}).",
        }[cost.sign()]
        yield f"{arm}: {says}"


def _length(arm: str, outcome: str, figures: LengthSlopes) -> Iterator[str]:
    """Say what the three slopes support, the raw one last."""
    within, raw, subject = figures.within, figures.raw, _SUBJECTS[outcome]
    if within.value is None:
        yield f"{arm}: whether length changes {subject} at a fixed problem cannot be told: {within.reason}."
        if raw.value is not None and raw.sign():
            yield (
                f"{arm}: the raw curve for {subject} {_goes(raw)} ({in_log_odds(raw)} per doubling), but a raw curve"
                " cannot tell length from difficulty."
            )
        return
    yield f"{arm}: {_verdict(outcome, subject, figures)}"
    yield from (f"{arm}: {sentence}" for sentence in _misled(subject, figures))


def _verdict(outcome: str, subject: str, figures: LengthSlopes) -> str:
    within, change = figures.within, figures.points
    size = f"{in_log_odds(within)} log-odds per doubling of the CoT" + (
        "" if change.value is None else f", {in_points(change)}"
    )
    if within.sign() == 0:
        bound = "" if change.value is None else f"; a loss of more than {_loss(change)} points is excluded"
        return f"no evidence that length changes {subject} at a fixed problem ({size}){bound}."
    named = {("hacc", -1): "dilution: ", ("hacc", 1): "the opposite of dilution: "}.get((outcome, within.sign()), "")
    return f"{named}at a fixed problem, longer thinking {_moves(within)} {subject} ({size})."


def _misled(subject: str, figures: LengthSlopes) -> Iterator[str]:
    """Say where the raw slope mixes what happens at a fixed problem with what differs between problems."""
    raw, inside, between = figures.raw, figures.mundlak, figures.between
    if raw.value is None or inside.value is None or raw.sign() == 0:
        return
    if figures.gap.sign():
        yield (
            f"the raw curve for {subject} misleads: its slope of {in_log_odds(raw)} per doubling comes in part from"
            f" comparing different problems (between problems it is {in_log_odds(between)}); at a fixed problem it is"
            f" {in_log_odds(inside)}."
        )
    elif inside.sign() == 0:
        yield (
            f"the raw curve for {subject} {_goes(raw)} ({in_log_odds(raw)} per doubling); that this holds at a fixed"
            " problem is not shown."
        )


def _placebo(arm: str, length: LengthEffects) -> Iterator[str]:
    plain = length.arms.get("plain")
    if not plain or plain.hacc.within.value is None:
        return
    placebo, net = plain.hacc.within, length.net_of_placebo[arm]
    if placebo.sign() == 0:
        yield (
            f"{arm}: the placebo is flat: plain replies, which never saw the constraints, show {in_log_odds(placebo)}"
            " log-odds per doubling."
        )
        return
    beyond = "" if net.value is None else f"; beyond it, {in_log_odds(net)} remain"
    yield (
        f"{arm}: the placebo is not flat: plain replies, which never saw the constraints, show {in_log_odds(placebo)}"
        f" log-odds per doubling, which attention to instructions cannot explain{beyond}."
    )


def _fading(arm: str, fading: Ratio | None) -> Iterator[str]:
    """Say whether obedience breaks later in a reply than where a plain reply breaks the constraint anyway."""
    if fading is None or fading.low is None:
        return
    where = f"{in_times(fading)} as far in as in the plain reply"
    yield {
        1: f"{arm}: obedience fades along the reply: a broken constraint is broken {where} to the same item.",
        -1: f"{arm}: a broken constraint is broken early: {where} to the same item.",
        0: (
            f"{arm}: no evidence that obedience fades along the reply: a broken constraint is broken where a model that"
            f" was never told breaks it, {where} to the same item."
        ),
    }[fading.sign(1)]


def _summary(arm: str, hacc: LengthSlopes, fading: Ratio | None) -> Iterator[str]:
    """Say in one sentence what adherence is shown to vary with, and with what it is not."""
    if hacc.within.low is None or hacc.gap.low is None:
        return
    asked = {
        "with the length of the thinking at a fixed problem": hacc.within.sign(),
        "with what makes some problems be thought about for longer": hacc.gap.sign(),
    }
    if fading is not None and fading.low is not None:
        asked["with the position in the reply"] = fading.sign(1)
    found = " and ".join(what for what, shown in asked.items() if shown)
    missing = " or ".join(what for what, shown in asked.items() if not shown)
    parts = [f"varies {found}" if found else "", f"is not shown to vary {missing}" if missing else ""]
    yield f"{arm}: in sum, adherence {'; it '.join(filter(None, parts))}."


def _goes(row: Estimate) -> str:
    return "rises" if (row.value or 0) > 0 else "falls"


def _moves(row: Estimate) -> str:
    return "raises" if (row.value or 0) > 0 else "lowers"


def _loss(row: Estimate) -> str:
    return f"{max(0.0, -100 * (row.low or 0)):.1f}"
