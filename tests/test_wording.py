"""Laws of the wording: each sentence is known, and none claims more than its number bears."""

import ast
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mathif
from mathif import wording
from mathif.board.page import COLUMNS
from mathif.board.words import READING
from mathif.compare.claimed import change_claims
from mathif.records import Profile, Sampling, State
from mathif.report import summarize
from mathif.results import (
    Adherence,
    AnswersAttention,
    ArmAttention,
    ArmChanges,
    Change,
    Changes,
    DilutionChange,
    DoseResponse,
    DoseSlopes,
    InterventionEffect,
    LiftChange,
    Measured,
    ProbeProfile,
    ProfileComparison,
    Sides,
    SidesAttention,
    Survival,
    TaskAsked,
    TokensCounted,
    Truncation,
)
from mathif.stats import Difference, Estimate, Ratio, Share, Slope
from mathif.tables import profile_tables
from mathif.wording import of_measured
from mathif.wording.numbers import in_log_odds, in_percent, in_points, in_times, interval, plain_interval, probability
from mathif.wording.verbs import SETTLED
from mathif.wording.versions import of_fresh
from tests.worlds import World

MEASURED = Measured(
    model="org/model-8b",
    revision=None,
    engine="vllm",
    engine_version="0.20",
    mathif="0.1.0",
    tasks=(TaskAsked("core", "2-A", "0" * 64), TaskAsked("control", "1", "1" * 64)),
    arms=("plain", "constrained"),
    samples=4,
    limit=50,
    sampling=Sampling(temperature=0.6),
    most_tokens=8192,
    reasoning_tags=None,
    prompts="2" * 64,
    started="2026-11-26",
    replies=400,
    tokens=TokensCounted(told=400, prompt=9000, generated=812345, thinking=700000),
    asked=100,
)


def test_what_was_measured_is_told_in_three_lines() -> None:
    assert of_measured(MEASURED) == [
        "org/model-8b, asked through vllm 0.20 by mathif 0.1.0 on 2026-11-26",
        "tasks core 2-A, control 1, 50 items of each; arms plain, constrained; 100 prompts, 4 samples of each",
        "temperature 0.6, top-p 0.95, at most 8192 tokens a reply, seed 0; 400 replies, 812345 tokens",
    ]
    assert of_measured(None) == []


def test_an_engine_that_draws_nothing_is_not_said_to_be_drawn_from() -> None:
    one = replace(MEASURED, tasks=MEASURED.tasks[:1], draws=False, asked=0)
    mock, recorded = (of_measured(replace(one, engine=engine)) for engine in ("mock", "replay"))
    assert mock[1:] == [
        "task core 2-A, 50 items; arms plain, constrained; 4 samples of each prompt",
        "seed 0; 400 replies, 812345 tokens",
    ]
    assert recorded[2] == "recorded elsewhere; 400 replies, 812345 tokens"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (in_percent(Share(0.123, 0.1, 0.15, 9, 9)), "12.3 % [10.0, 15.0]"),
        (in_percent(Share.unknown("none")), "unknown"),
        (in_points(Difference(-0.05, -0.1, 0.02, 9, 9)), "-5.0 points [-10.0, +2.0]"),
        (in_points(Difference(-0.05, -0.1, 0.02, 9, 9), turn=True), "+5.0 points [-2.0, +10.0]"),
        (in_points(Difference(0.5, None, None, 9, 9)), "+50.0 points"),
        (in_log_odds(Slope(-0.41, -0.6, -0.22, 9, 9)), "-0.41 [-0.60, -0.22]"),
        (in_times(Ratio(2.11, 1.79, 2.48, 9, 9)), "2.11 times [1.79, 2.48]"),
        (interval(Share(1, 0.4, 1, 9, 9)), "100 [40.0, 100]"),
        (interval(None), ""),
        (plain_interval(Estimate(0.5, None, None, 9, 9)), "0.50"),
        (probability(0.0004), "<0.001"),
        (probability(0.25), "0.250"),
    ],
)
def test_a_number_has_one_form_in_each_unit(said: str, text: str) -> None:
    assert said == text


# Sentences

SHARE_OF = Difference(-0.13, -0.2, -0.06, 40, 20)
FLAT = Difference(-0.01, -0.05, 0.03, 40, 20)


def change(step: Difference, first: float = 0.6, **more: Any) -> Change:
    second = first + (step.value or 0)
    return Change(**asdict(step), first=first, second=second, lost=9, won=4, worse=9, better=4, p=0.02, **more)


def changes(step: Difference) -> Changes:
    return Changes(hacc=change(step), sacc=change(step), acc=change(FLAT), joint=change(step))


LONGER = Ratio(1.5, 1.2, 1.9, 40, 20)


def comparison(slope: Slope, step: Difference = SHARE_OF, length: Ratio = LONGER) -> ProfileComparison:
    arm = ArmChanges(
        n=40,
        problems=20,
        truncated=Sides(0, 2),
        overall=changes(step),
        without_truncated=changes(step),
        by_task={},
        by_tier={},
        by_constraints={},
        by_kind={"punctuation:no_comma": change(step, q=0.01)},
        dilution=DilutionChange(
            first=Slope(-0.1, -0.3, 0.1, 40, 20), second=Slope(-0.6, -0.9, -0.3, 40, 20), change=slope
        ),
        length=length,
        at_equal_length=slope,
        lift=Adherence(**dict.fromkeys(("hacc", "sacc"), LiftChange(**asdict(step), first=0.3, second=0.17))),
    )
    arms = {"constrained": arm}
    return ProfileComparison(arms=arms, triangle=None, claims=change_claims(arms, None))


def known(name: str) -> list[str]:
    return (Path(__file__).parent / "golden" / name).read_text(encoding="utf-8").splitlines()


def test_a_comparison_is_told_in_the_golden_sentences() -> None:
    assert wording.of_comparison(comparison(Slope(-0.5, -0.8, -0.2, 40, 20))) == known("comparison.txt")


@pytest.mark.parametrize(
    ("length", "says"),
    [
        (LONGER, "longer"),
        (Ratio(0.6, 0.5, 0.72, 40, 20), "shorter"),
        (Ratio(1.1, 1.01, 1.2, 40, 20), "not shown to be longer or shorter"),
        (Ratio(1.02, 0.9, 1.16, 40, 20), "not shown to be longer or shorter"),
    ],
)
def test_a_run_is_said_to_think_longer_only_where_that_is_left_among_all_that_is_compared(
    length: Ratio, says: str
) -> None:
    [said] = [
        line
        for line in wording.of_comparison(comparison(Slope(-0.1, -0.4, 0.2, 40, 20), FLAT, length))
        if "the thinking is" in line
    ]
    assert f"the thinking is {says} than in the first run: {length.value:.2f} times" in said
    assert ("may be chance" in said) == (length.low == 1.01)


def test_a_bound_that_excludes_next_to_nothing_is_not_told() -> None:
    wide = Difference(0.0, -0.9, 0.9, 3, 3)
    assert not any("excluded" in said for said in wording.of_comparison(comparison(Slope.unknown("few"), wide))[1:])


def effect(step: Difference) -> InterventionEffect:
    share = Share(0.5, 0.3, 0.7, 20, 20)
    return InterventionEffect(
        does="thinks on",
        control="extend:0",
        n=40,
        added=100.0,
        overall=changes(step),
        without_truncated=changes(step),
        survival=Survival(answer=share, right=share, obedience=share),
    )


def test_a_probe_is_told_in_the_golden_sentences() -> None:
    share, none = Share(0.42, 0.3, 0.55, 20, 20), Share.unknown("the area needs truncate:0")
    slope = Estimate(-0.02, -0.03, -0.01, 80, 20)
    found = ProbeProfile(
        arms={},
        interventions={"extend:8": effect(SHARE_OF)},
        doses={"extend": DoseResponse(points=(), slope=DoseSlopes(hacc=slope, acc=slope))},
        truncation=Truncation(area=Survival(answer=share, right=none, obedience=none)),
    )
    assert wording.of_probe(found) == known("probe.txt")


RANDOMISED = (
    "the instructions",
    "instructions cost",
    "accuracy is shown",
    "randomised",
    "does more for",
    "does less for",
)
"""What is told of an arm that every problem was shown in: a cause may be named."""


CAUSES = """
raise raises raised lower lowers lowered cost costs changes dilute dilutes dilution fade fades harm harms harmed help
helps because cause causes caused reduce reduces increase increases hurt hurts improve improves affects moves drives
stronger weaker
""".split()  # noqa: SIM905 - a list of words is read as one
"""Words of cause, for randomised comparisons only."""


def causes(sentence: str) -> set[str]:
    """The words of cause in a sentence on something that was not randomised."""
    if any(mark in sentence for mark in RANDOMISED):
        return set()
    told = sentence.replace(SETTLED, "").lower()
    return {word for word in CAUSES if re.search(rf"\b{word}\b", told)}


@settings(max_examples=25)
@given(
    st.builds(
        World,
        problems=st.integers(2, 40),
        samples=st.integers(1, 4),
        difficulty=st.sampled_from([0.0, 1.0]),
        length=st.sampled_from([0.0, 1.5, -1.5]),
        limit=st.sampled_from([900, 1 << 20]),
    ),
    st.sampled_from([("constrained",), ("constrained", "plain")]),
    st.integers(0, 5),
)
def test_no_sentence_on_what_was_observed_names_a_cause(world: World, arms: tuple[str, ...], seed: int) -> None:
    said = summarize(world.rows(seed, arms, (1, 2))).profiles[Profile.MATHIF].findings
    assert [sentence for sentence in said if causes(sentence)] == []


@given(st.floats(-3, 3), st.floats(0, 2), st.sampled_from([SHARE_OF, FLAT, Difference(0.3, 0.1, 0.5, 40, 20)]))
def test_no_sentence_of_a_comparison_names_a_cause_of_what_goes_with_length(
    value: float, half: float, step: Difference
) -> None:
    said = wording.of_comparison(comparison(Slope(value, value - half, value + half, 40, 20), step))
    assert [sentence for sentence in said if causes(sentence)] == []


def test_what_the_board_says_of_its_columns_and_terms_names_no_cause() -> None:
    said = [column.tip for column in COLUMNS] + [*READING.values()]
    assert [sentence for sentence in said if causes(sentence)] == []


def test_words_of_cause_stand_in_no_other_room() -> None:
    """What is said of numbers is said in the room of wording; other rooms have no verb of cause in their texts."""
    for room in ("report", "compare", "probe", "board", "tables.py", "publish"):
        place = Path(mathif.__file__).parent / room
        for path in [place] if place.is_file() else place.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    told = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
                    assert not re.search(r"\b(raises|lowers|harms|helps|dilutes|fades)\b", told), (path, told)


def test_where_nothing_is_claimed_no_unknown_size_stands_behind_it() -> None:
    """Replies without thinking of their own, one to each item: there is no slope, and nothing to say of its size."""
    rows = [replace(row, state=State.ABSENT) for row in World(problems=12, samples=1).rows(3, ("constrained",), (1,))]
    [answer] = [one for one in wording.of_answer(summarize(rows).profiles[Profile.MATHIF]) if "claimed" in one]
    assert answer.endswith("nothing is claimed on obeying and length.")


ASSIGNED = ("Against the plain", "Against instructions", "What the version does", "Lift", "Versions")
"""Tables, by how their titles begin, on what was assigned."""


def test_titles_heads_and_notes_of_tables_on_what_was_observed_name_no_cause() -> None:
    figures = summarize(World(problems=30).rows(1, ("constrained", "plain"), (1, 2))).profiles[Profile.MATHIF]
    said = [
        text
        for table in profile_tables(figures)
        if not table.title.startswith(ASSIGNED)
        for text in (table.title, table.note, *table.head)
    ]
    assert len(said) > 100
    assert [text for text in said if causes(text)] == []


WEAK, CLEAR = Difference(-0.1, -0.19, -0.01, 200, 60), Difference(-0.3, -0.4, -0.2, 200, 60)


def test_what_is_said_of_fresh_tasks_is_corrected_for_all_of_them() -> None:
    def said(**tasks: Difference) -> list[str]:
        return [
            "lower" if "Acc is lower" in one else "on its own"
            for one in of_fresh(tasks)
            if "on its own" in one or "lower" in one
        ]

    assert said(core=WEAK) == ["lower"]
    assert said(core=WEAK, control=WEAK) == ["on its own", "on its own"]
    assert said(core=WEAK, control=CLEAR) == ["lower", "lower"]


@pytest.mark.parametrize(
    ("hiding", "said"), [(Estimate(0.0, -1.0, 1.0, 90, 40), 0), (Estimate(9.0, 8.0, 9.9, 90, 40), 1)]
)
def test_what_is_said_of_an_arms_attention_is_corrected_for_all_that_is_asked_of_it(
    hiding: Estimate, said: int
) -> None:
    weak = Estimate(1.0, 0.1, 1.9, 90, 40)
    answers = AnswersAttention(n=45, lift={}, drop={})
    figures = ArmAttention(
        n=90,
        overall=SidesAttention(obeyed=answers, violated=answers),
        obeyed_minus_violated=weak,
        hiding=hiding,
        by_length=(),
        slope={"within": {"constraints": hiding}},
        by_layer={},
        heads=(),
    )
    sentences = " ".join(wording.of_attention("constrained", figures))
    assert sentences.count("look more at the constraints") == said
    assert sentences.count("on its own the interval leaves 0 out") == 1 - said
