"""Laws of the wording: each sentence is known, and none claims more than its number bears."""

import pytest

from mathif.records import Sampling
from mathif.results import Measured, TaskAsked, TokensCounted
from mathif.stats import Difference, Estimate, Ratio, Share, Slope
from mathif.wording import of_measured
from mathif.wording.numbers import in_log_odds, in_percent, in_points, in_times, interval, plain_interval, probability

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
)


def test_what_was_measured_is_told_in_three_lines() -> None:
    assert of_measured(MEASURED) == [
        "org/model-8b, asked through vllm 0.20 by mathif 0.1.0 on 2026-11-26",
        "task core 2-A, control 1, 50 items of each; arms plain, constrained; 4 samples of each",
        "temperature 0.6, top-p 0.95, at most 8192 tokens a reply, seed 0; 400 replies, 812345 tokens",
    ]
    assert of_measured(None) == []


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
