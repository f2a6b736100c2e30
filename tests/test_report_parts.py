"""Laws of the parts of a reply: which one obeys, whether it slips further in, and that naming is not breaking."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from random import Random

import pytest

from mathif.compare.changes import arm_changes
from mathif.records import Graded, Outcome, Profile, Span, Verdict
from mathif.report import summarize
from mathif.report.marked import Rows, by_arm, read
from mathif.report.parts import side_by_side
from mathif.results import ArmParts, PartScores
from mathif.stats import Ratio
from mathif.wording import of_named, of_parts, of_report
from tests.part_worlds import PASSED, PartWorld
from tests.worlds import World, graded

SEEDS = range(2)


def told(rows: list[Graded]) -> tuple[ArmParts, str]:
    """Return the parts of the arm that is not plain, and the sentences on it."""
    figures = summarize(rows).profiles[Profile.MATHIF]
    [arm] = figures.parts.keys() - {"plain"}
    return figures.parts[arm], "\n".join(figures.findings)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("world", "said"),
    [
        (PartWorld(reply=30, thinking=30), "neither is shown to obey beyond"),
        (
            PartWorld(reply=1, thinking=30, asked=False),
            "the reply obeys beyond what it does unasked, the thinking is not",
        ),
        (PartWorld(reply=30, thinking=1), "the thinking obeys beyond what it does unasked, the reply is not"),
        (PartWorld(reply=1, thinking=1), "both obey beyond"),
    ],
    ids=["neither", "reply", "thinking", "both"],
)
def test_the_report_says_which_part_obeys(world: PartWorld, said: str, seed: int) -> None:
    assert said in told(world.rows(seed))[1]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("power", "said"),
    [
        (1, "the chance of a first violation is the same all along the thinking"),
        (2, "not the same along the thinking: it is likelier further in"),
        (0.5, "not the same along the thinking: it is less likely further in"),
    ],
    ids=["constant", "rising", "falling"],
)
def test_a_longer_thinking_has_more_chances_and_each_place_is_told_apart_from_that(
    power: float, said: str, seed: int
) -> None:
    parts, sentences = told(PartWorld(power=power).rows(seed))
    assert said in sentences
    assert ("some slip more easily" in sentences) == (power < 1)
    assert parts.gap.value is not None
    assert parts.gap.value < 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_thinking_that_breaks_a_rule_only_by_naming_it_is_said_to_do_that(seed: int) -> None:
    parts, sentences = told(PartWorld(thinking=0.05, names=0.8).rows(seed))
    assert "naming is not breaking" in sentences
    assert parts.naming.value == pytest.approx((parts.spared.value or 0) - (parts.scores["thinking"].hacc.value or 0))
    assert (parts.restating.natural or parts.spared).value == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_slips_at_the_end_of_texts_of_any_length_are_said_to_come_towards_the_end(seed: int) -> None:
    """Where lengths differ much, ends lie at all places alike, and the place alone would tell nothing."""
    rows = []
    for row in PartWorld(thinking=0).rows(seed):
        size = row.thinking_chars or 0
        last = Verdict(Outcome.FAIL, "broken here", (Span(size - 9, size - 8),))
        broken = row.arm == "thinking" and row.sample < 2
        rows.append(replace(row, constraints={Profile.MATHIF: (last,)}) if broken else row)
    parts, sentences = told(rows)
    assert "not the same along the thinking: it is likelier" in sentences
    middle = parts.slips["thinking"].middle
    assert middle is not None
    assert middle.value is not None
    assert middle.value > 0.95


def test_of_two_chances_at_the_middle_and_the_end_of_each_text_the_mean_is_the_half() -> None:
    rows = []
    for at, row in enumerate(PartWorld(thinking=0).rows(1, problems=20)):
        char = (498, 998)[at % 2]
        broken = Verdict(Outcome.FAIL, "broken here", (Span(char, char + 1),))
        alike = replace(row, thinking_chars=999, cot_tokens=250, completion_tokens=300)
        rows.append(replace(alike, constraints={Profile.MATHIF: (broken,)}) if row.arm == "thinking" else alike)
    parts, sentences = told(rows)
    middle = parts.slips["thinking"].middle
    assert middle is not None
    assert middle.value == pytest.approx(0.5, abs=0.01)
    assert "towards its end" not in sentences


def by_sentence(seed: int, chance: float, growth: float = 1.0, behind: int = 0) -> list[Graded]:
    """Return replies that break their constraint at the starts of sentences, each with one chance, which may grow.

    Or up to so many characters `behind` the start.
    """
    rng, rows = Random(seed), []
    for row in PartWorld(asked=False).rows(seed, problems=60, samples=2):
        size = (row.final_chars or 0) * (2 if growth > 1 else 1)
        starts = [0, *accumulate(rng.randint(40, 70) for _ in range(size // 70))]
        hit = next((at for at in starts if rng.random() < chance * growth ** (at / size)), None)
        at = 0 if hit is None else hit + rng.randint(0, behind)
        broken = Verdict(Outcome.FAIL, "a capital", (Span(at, at + 1),)) if hit is not None else PASSED
        rows.append(replace(row, final_chars=size, constraints={Profile.MATHIF: (broken,)}))
    return rows


def along_the_reply(rows: list[Graded]) -> str:
    """Return what is said of the place of first violations in the reply."""
    [said] = [line for line in told(rows)[1].splitlines() if "first violation" in line and "the reply" in line]
    return said


@pytest.mark.parametrize("chance", [0.03, 0.12, 0.4])
def test_a_chance_that_is_the_same_in_every_sentence_is_not_called_falling(chance: float) -> None:
    """The first chance stands before any text, so that its breaks say nothing of the place."""
    for behind in (0, 10):
        assert not any("is not the same" in along_the_reply(by_sentence(seed, chance, behind=behind)) for seed in SEEDS)


def test_a_chance_that_rises_from_sentence_to_sentence_is_told() -> None:
    assert "likelier further in" in along_the_reply(by_sentence(1, 0.03, growth=8))


def test_replies_that_break_at_their_very_start_are_said_to_do_that() -> None:
    assert "of 120 texts that break it at their very start left out" in along_the_reply(by_sentence(1, 0.4))


def test_a_place_that_is_set_against_plain_replies_says_of_what_and_why_it_is_no_claim() -> None:
    figures = summarize(PartWorld().rows(1, problems=30)).profiles[Profile.MATHIF]
    effects = replace(figures.effects["thinking"], fading=Ratio(0.33, 0.23, 0.47, 40, 40))
    said = "\n".join(of_report(replace(figures, effects={"thinking": effects})))
    assert "holds at first and gives way further into the thinking" in said
    assert "0.33 times [0.23, 0.47] as far in as in the plain thinking to the same item; that is sooner" in said
    assert "with the position in the thinking as against plain replies" in said
    assert "in the reply" not in said


def test_what_leaves_1_out_on_its_own_is_not_called_the_same() -> None:
    own = told(PartWorld().rows(1, problems=12))[0]
    near = {
        part: replace(slips, place=Ratio(0.8, 0.67, 0.94, 40, 40), even=1.0, middle=None)
        for part, slips in own.slips.items()
    }
    arms = {f"thinking-{at}": replace(own, slips=near) for at in range(12)}
    said = [line for line in of_parts(arms) if "first violation" in line]
    assert all("is not told" in line and "leaves 1 out" in line for line in said)


def test_a_chance_that_may_still_rise_with_the_root_of_the_place_is_not_called_the_same() -> None:
    """A rise by the root of 2 for each doubling is excluded by the second ratio at one in twenty, not by the first."""
    own = told(PartWorld().rows(1, problems=12))[0]

    def said(place: Ratio) -> str:
        slips = {part: replace(one, place=place, even=1.0, middle=None) for part, one in own.slips.items()}
        [line] = [line for line in of_parts({"thinking": replace(own, slips=slips)}) if "first violation" in line]
        return line

    assert "is not told" in said(Ratio(1.2, 0.95, 1.52, 80, 40))
    assert "is the same all along" in said(Ratio(1.15, 0.95, 1.39, 80, 40))


def test_what_obeying_goes_with_is_claimed_on_the_test_that_needs_no_large_sample() -> None:
    """Of 18 pairs of replies that differ in both, 16 against 2 is an interval that is broad and a test that is sure."""
    own = told(PartWorld(names=0.5).rows(1, problems=12))[0]
    assert own.restating.odds_p.keys() == {"reply", "thinking"}
    assert all(0 <= p <= 1 for p in own.restating.odds_p.values())

    def said(p: float) -> str:
        odds = {"thinking": Ratio(8, 1.57, 40.8, 36, 18)}
        restating = replace(own.restating, odds=odds, odds_p={"thinking": p})
        [line] = [line for line in of_parts({"thinking": replace(own, restating=restating)}) if "odds ratio" in line]
        return line

    assert "goes with restating the demand" in said(0.001)
    assert "is not shown to go with restating the demand" in said(0.2)


def test_equal_slips_for_each_token_leave_no_difference_at_the_same_length() -> None:
    parts, _ = told(PartWorld(thinking=2, reply=2, spread=0).rows(1, problems=120))
    assert parts.gap.sign() == -1
    assert parts.matched.sign() == 0
    for part in ("reply", "thinking"):
        rate = parts.scores[part].rate
        assert rate is not None and rate.low is not None and rate.high is not None  # noqa: PT018 - one claim
        assert rate.low < 2 < rate.high


def test_thinking_that_cannot_be_seen_is_counted_and_is_in_no_figure() -> None:
    parts, sentences = told(PartWorld(hidden=True).rows(1, problems=5))
    assert (parts.n, parts.unmeasured) == (0, 20)
    assert parts.scores["thinking"].hacc.value is None
    assert "the thinking is not measured: no reply shows any." in sentences


def test_how_many_replies_show_no_thinking_is_said_where_the_others_do() -> None:
    seen, hidden = PartWorld().rows(1, problems=12), PartWorld(hidden=True).rows(1, problems=12)
    rows = [theirs if mine.sample == 0 else mine for mine, theirs in zip(seen, hidden, strict=True)]
    parts, sentences = told(rows)
    assert (parts.n, parts.unmeasured) == (36, 12)
    assert "thinking: 12 replies show no thinking, which is not measured there" in sentences


def unplaced(rows: list[Graded], every: int) -> list[Graded]:
    """Return rows of which each so-many-th thinking breaks its constraint at no place."""
    nowhere = Verdict(Outcome.FAIL, "the text is not in English, or its language cannot be told")
    return [
        replace(row, constraints={Profile.MATHIF: (nowhere,)}) if row.arm == "thinking" and at % every == 0 else row
        for at, row in enumerate(rows)
    ]


def test_a_few_violations_without_a_place_take_only_their_texts_from_the_places() -> None:
    rows = PartWorld().rows(1, problems=30)
    few, most = (told(unplaced(rows, every))[0].slips["thinking"] for every in (10, 1))
    assert few.n == 120 - sum(row.arm == "thinking" for row in rows[::10])
    assert few.place.value is not None
    assert most.n == 0


def test_where_nothing_slips_the_report_says_why_no_place_is_likelier() -> None:
    said = "whether a first violation is likelier further into the thinking cannot be told: 0 problems have"
    assert said in told(PartWorld(thinking=0).rows(1, problems=12))[1]


def test_slips_of_thinkings_that_break_a_rule_only_by_naming_it_are_said_to_be_of_the_rest() -> None:
    parts, sentences = told(PartWorld(thinking=0, names=1).rows(1, problems=12))
    assert parts.slips["thinking"].broken == parts.slips["thinking"].n > 0
    said = "further into the thinking without the sentences that restate a demand cannot be told: 0 problems have"
    assert said in sentences


def test_thinking_that_was_cut_is_judged_up_to_the_cut_in_its_own_column() -> None:
    rows = PartWorld(cut=300).rows(1)
    parts, _ = told(rows)
    stopped = [row for row in rows if row.arm == "thinking" and row.cut]
    cut = parts.scores["thinking"].cut
    assert cut is not None
    assert (cut.n, parts.n) == (len(stopped), 320 - len(stopped))
    assert cut.value == sum(row.constraints[Profile.MATHIF][0].passed for row in stopped) / len(stopped)
    assert parts.slips["thinking"].n == 320


def test_the_lift_of_the_thinking_is_over_what_plain_thinkings_do() -> None:
    """By hand: told thinkings obey, plain ones do not though plain replies do."""
    passed, failed = Verdict(Outcome.PASS), Verdict(Outcome.FAIL, "broken")
    rows = []
    for number in range(12):
        for arm, mine, other in (("plain", passed, failed), ("thinking", passed, failed)):
            row = graded(
                f"world/p{number:04d}-1@{arm}#0",
                hard=0,
                kinds=("punctuation:no_comma",),
                verdicts=(mine,),
                right=True,
                tokens=9,
            )
            asked = "thinking" if arm == "thinking" else "final"
            rows.append(replace(row, targets=(asked,), elsewhere={Profile.MATHIF: (other,)}, thinking_chars=40))
    figures = summarize(rows).profiles[Profile.MATHIF]
    lift = figures.effects["thinking"].lift
    assert lift is not None
    assert lift.hacc.value == 1
    scores = figures.parts["thinking"].scores
    assert [
        (one.hacc.value, one.natural.value, one.lift.value) for one in scores.values() if one.natural and one.lift
    ] == [
        (0, 1, -1),
        (1, 0, 1),
        (0, 0, 0),
    ]


def test_rows_of_an_earlier_grading_have_no_parts() -> None:
    assert summarize(World(problems=5).rows(1)).profiles[Profile.MATHIF].parts == {}


def test_a_comparison_has_the_change_of_each_part_of_the_pairs_whose_thinking_is_seen() -> None:
    sides = []
    for world in (PartWorld(thinking=30), PartWorld(thinking=0.5)):
        rows = read(world.rows(1, problems=12))
        sides.append(by_arm(rows))
    found = arm_changes("thinking", sides[0], sides[1], Profile.MATHIF).parts
    for part, change in found.items():
        shares = [side_by_side(side, Profile.MATHIF)["thinking"].scores[part].hacc.value for side in sides]
        assert [change.first, change.second] == pytest.approx(shares)
    assert found["thinking"].won


def two_runs(*worlds: PartWorld, problems: int = 40) -> list[dict[str, Rows]]:
    return [by_arm(read(world.rows(1, problems=problems))) for world in worlds]


def test_a_comparison_has_lift_and_hazard_of_each_part_as_the_reports_of_both_runs_have_them() -> None:
    sides = two_runs(PartWorld(thinking=30), PartWorld(thinking=0.5))
    found = arm_changes("thinking", sides[0], sides[1], Profile.MATHIF).parts
    reports = [side_by_side(side, Profile.MATHIF)["thinking"].scores for side in sides]

    def of(scores: PartScores) -> float | None:
        return None if scores.lift is None else scores.lift.value

    for part, change in found.items():
        assert change.lift
        assert [change.lift.first, change.lift.second] == pytest.approx([of(one[part]) for one in reports])
        assert change.rates == (None if part == "both" else tuple(one[part].rate for one in reports))
    assert found["thinking"].matched
    assert found["thinking"].hazard
    assert found["thinking"].matched.sign() == 1
    assert found["thinking"].hazard.sign(1) == -1


def test_a_run_compared_with_itself_has_moved_in_no_part() -> None:
    side = two_runs(PartWorld())[0]
    for change in arm_changes("thinking", side, side, Profile.MATHIF).parts.values():
        assert change.lift
        assert (change.value, change.lift.value) == (0, 0)
        assert change.matched is None or change.matched.value == pytest.approx(0)
        assert change.hazard is None or change.hazard.value is None


def test_a_comparison_says_nothing_of_parts_where_no_thinking_is_seen() -> None:
    hidden = {"thinking": read(PartWorld(hidden=True).rows(1, problems=12))[48:]}
    assert arm_changes("thinking", hidden, hidden, Profile.MATHIF).parts == {}


def test_the_same_demand_asked_of_the_reply_and_of_the_thinking_is_set_against_each_other() -> None:
    rows = [*PartWorld(reply=0.5, asked=False).rows(1), *PartWorld(thinking=20).rows(1)]
    figures = summarize({row.key: row for row in rows}.values()).profiles[Profile.MATHIF]
    found = figures.crossed
    assert found is not None
    assert found.gap.value == pytest.approx((found.thinking.value or 0) - (found.reply.value or 0))
    assert found.gap.n == 320
    [said] = [one for one in figures.findings if "the same demands, 320 pairs" in one]
    assert "the thinking obeys less often" in said
    alone = summarize(PartWorld().rows(1, problems=5)).profiles[Profile.MATHIF]
    assert alone.crossed is None


@pytest.mark.parametrize("names", [0.0, 1.0])
def test_where_naming_breaks_a_demand_the_headlines_hold_the_share_without_it_beside_the_share(names: float) -> None:
    rows = [*PartWorld(asked=False).rows(1), *PartWorld(thinking=0.05, names=names).rows(1)]
    figures = summarize({row.key: row for row in rows}.values()).profiles[Profile.MATHIF]
    found, parts = figures.crossed, figures.parts["thinking"]
    assert found is not None
    assert found.spared is not None and found.spared_gap is not None  # noqa: PT018 - one claim
    assert found.spared == parts.spared
    assert found.spared_gap.value == pytest.approx((found.spared.value or 0) - (found.reply.value or 0))
    headlines = [one for one in figures.findings if "the same demands" in one or "thinking: asked of" in one]
    assert len(headlines) == 2
    beside = f"{100 * (found.spared.value or 0):.1f} %"
    assert all(
        (f", {beside}" in one and "without the sentences that restate" in one) == bool(names) for one in headlines
    )
    assert bool(of_named(figures.parts)) == bool(names)


def test_beside_demands_on_the_thinking_the_placebo_is_what_plain_thinkings_show() -> None:
    """Plain replies always obey, and their thinkings slip exactly as the told ones do: nothing is left net of that."""
    rows = PartWorld(thinking=2.0).rows(1)
    told = {row.key: row for row in rows if row.arm == "thinking"}
    alike = []
    for row in rows:
        twin = told[row.key.replace("@plain", "@thinking")]
        unasked = replace(
            row,
            constraints={Profile.MATHIF: (Verdict(Outcome.PASS),)},
            elsewhere=twin.constraints,
            cot_tokens=twin.cot_tokens,
        )
        alike.append(unasked if row.arm == "plain" else row)
    figures = summarize(alike).profiles[Profile.MATHIF]
    length = figures.length
    assert (length.arms["thinking"].of_thinking, length.arms["plain"].of_thinking) == (True, False)
    assert length.arms["plain"].hacc.within.value is None
    assert length.placebo["thinking"].value == pytest.approx(length.arms["thinking"].hacc.within.value)
    assert length.placebo["thinking"].value
    assert length.net_of_placebo["thinking"].value == pytest.approx(0, abs=1e-9)
    assert any("plain replies, judged on their thinking, which never saw" in one for one in figures.findings)


def test_every_sentence_on_parts_is_held_to_all_that_its_question_is_asked_of() -> None:
    """A difference that is told alone is not told among many of which nothing is there."""

    def said(others: int) -> bool:
        figures = summarize(PartWorld(thinking=1.0, reply=1.0).rows(1, problems=12)).profiles[Profile.MATHIF].parts
        weak = Ratio(1.5, 1.05, 2.14, 40, 40)
        none = Ratio(1.0, 0.7, 1.43, 40, 40)
        own = figures["thinking"]

        def placed(ratio: Ratio) -> ArmParts:
            return replace(own, slips={part: replace(one, place=ratio, even=1.0) for part, one in own.slips.items()})

        arms = {"thinking": placed(replace(weak, low=1.1, high=2.05))}
        arms |= {f"repeat:{at}": placed(none) for at in range(others)}
        return any("it is likelier further in" in one for one in of_parts(arms))

    assert said(0)
    assert not said(8)
