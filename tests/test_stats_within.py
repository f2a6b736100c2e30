"""Laws of what is compared inside strata: conditional slopes, odds ratios, excess, composition, and their p-values."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.stats import chi2  # type: ignore[import-untyped]
from scipy.stats import t as student
from statsmodels.discrete.conditional_models import ConditionalLogit
from statsmodels.stats.contingency_tables import StratifiedTable

from mathif.stats import (
    Array,
    Estimate,
    Ratio,
    Sample,
    Slope,
    conditional,
    familywise,
    firth,
    level_gap,
    p_value,
    score_test,
    slope_gap,
    within,
    within_composition,
    within_excess,
    within_ratio,
)
from mathif.stats.conditional_fit import exponential
from mathif.stats.evidence import bounded, likelihood_ratio
from mathif.stats.fits import Fit
from mathif.stats.strata import unrelated

ITEMS, SAMPLES = 60, 4
OWNERS = np.repeat(np.arange(ITEMS), SAMPLES)


def easy(seed: int, bond: float = 0.0) -> tuple[Array, Array]:
    """Two outcomes of every reply that are easier together in some items; `bond` is their log odds ratio inside one."""
    rng = np.random.default_rng(seed)
    ease = rng.normal(0, 1.5, ITEMS)[OWNERS]
    first = (rng.random(len(OWNERS)) < 1 / (1 + np.exp(-ease))).astype(float)
    second = (rng.random(len(OWNERS)) < 1 / (1 + np.exp(-ease - bond * (first - 0.5)))).astype(float)
    return first, second


@pytest.mark.parametrize("seed", range(3))
def test_the_score_test_of_two_outcomes_is_that_of_mantel_and_haenszel(seed: int) -> None:
    first, second = easy(seed)
    tables = []
    for item in range(ITEMS):
        a, b = first[item == OWNERS], second[item == OWNERS]
        table = [[(a * b).sum(), (a * (1 - b)).sum()], [((1 - a) * b).sum(), ((1 - a) * (1 - b)).sum()]]
        if 0 < a.sum() < SAMPLES and 0 < b.sum() < SAMPLES:
            tables.append(table)
    oracle = StratifiedTable(np.asarray(tables).transpose(1, 2, 0)).test_null_odds(correction=False)
    assert score_test(second, first, OWNERS, OWNERS) == pytest.approx(oracle.pvalue, rel=1e-6)


def test_unrelated_outcomes_go_together_over_items_and_not_inside_them() -> None:
    found = [within_ratio(second, first, OWNERS, OWNERS) for first, second in map(easy, range(40))]
    assert sum(row.low <= 1 <= row.high for row in found if row.low is not None and row.high is not None) >= 36
    excess = [within_excess(first, second, OWNERS, OWNERS) for first, second in map(easy, range(40))]
    assert sum(row.low <= 0 <= row.high for row in excess if row.low is not None and row.high is not None) >= 36
    assert np.mean([row.value for row in excess if row.value is not None]) == pytest.approx(0, abs=0.01)


def test_a_bond_inside_items_is_found_at_its_size() -> None:
    found = [within_ratio(second, first, OWNERS, OWNERS) for first, second in (easy(seed, 1.0) for seed in range(40))]
    held = sum(row.low <= math.e <= row.high for row in found if row.low is not None and row.high is not None)
    assert held >= 36


def pairs(seed: int, count: int = 40) -> tuple[Array, Array, Array, Array]:
    """Matched pairs with one success each, which the larger number always has; and their differences."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 2))
    y = (x == x.max(axis=1, keepdims=True)).astype(float)
    owners = np.repeat(np.arange(count), 2)
    return y.ravel(), x.ravel(), owners, np.abs(x[:, 0] - x[:, 1])


@pytest.mark.parametrize("seed", range(3))
def test_separation_inside_problems_gives_the_penalised_slope(seed: int) -> None:
    y, x, owners, apart = pairs(seed)

    def penalised(beta: float) -> float:
        p = 1 / (1 + np.exp(-beta * apart))
        return -float(np.log(p).sum() + 0.5 * np.log((p * (1 - p) * apart**2).sum()))

    oracle = minimize_scalar(penalised, bounds=(0, 100), method="bounded", options={"xatol": 1e-9})
    found = within(y, x, owners, owners)
    assert found == firth(y, x, owners, owners)
    assert found.value is not None
    assert found.value == pytest.approx(oracle.x, rel=1e-3)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < found.value < found.high
    bar = student.ppf(0.975, len(apart) - 1) ** 2 / 2
    for end in (found.low, found.high):
        assert penalised(end) - penalised(found.value) == pytest.approx(bar, rel=1e-4)


def test_the_penalised_slope_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=len(OWNERS))
        y = (rng.random(len(OWNERS)) < 1 / (1 + np.exp(-(rng.normal(size=ITEMS)[OWNERS] + 0.5 * x)))).astype(float)
        found = firth(y, x, OWNERS, OWNERS)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.5 <= found.high
    assert held >= 35


@given(
    st.integers(2, 5).flatmap(
        lambda parts: st.lists(st.lists(st.integers(0, 1), min_size=parts, max_size=parts), min_size=parts, max_size=6)
    )
)
def test_what_unrelated_parts_would_give_is_the_mean_over_distinct_replies(rows: list[list[int]]) -> None:
    parts = np.asarray(rows, dtype=float)
    n, k = parts.shape
    choices = list(itertools.permutations(range(n), k))
    mean = sum(math.prod(parts[reply, part] for part, reply in enumerate(choice)) for choice in choices) / len(choices)
    assert unrelated(parts) == pytest.approx(mean)


def test_composition_is_one_where_parts_are_unrelated_inside_items_and_below_where_they_fight() -> None:
    def found(seed: int, fight: bool) -> Ratio:
        rng = np.random.default_rng(seed)
        chances = rng.random((ITEMS, 2))
        parts = []
        for chance in chances:
            first = (rng.random(SAMPLES) < chance[0]).astype(float)
            second = 1 - first if fight else (rng.random(SAMPLES) < chance[1]).astype(float)
            parts.append(np.column_stack([first, second]))
        return within_composition(parts, range(ITEMS))

    free = [found(seed, False) for seed in range(40)]
    assert sum(row.low <= 1 <= row.high for row in free if row.low is not None and row.high is not None) >= 36
    assert found(0, True).value == 0
    assert "several" in within_composition([], []).reason


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_familywise_is_holms_the_closure_of_bonferroni_over_every_subset(p_values: list[float]) -> None:
    places = range(len(p_values))
    subsets = [chosen for size in places for chosen in itertools.combinations(places, size + 1)]
    smallest = {chosen: min(1.0, len(chosen) * min(p_values[place] for place in chosen)) for chosen in subsets}
    assert familywise(p_values) == [max(p for chosen, p in smallest.items() if place in chosen) for place in places]


@given(st.floats(-3, 3), st.floats(0.01, 3), st.integers(2, 300))
def test_a_p_value_is_below_five_percent_where_the_interval_leaves_none_out(value: float, half: float, n: int) -> None:
    found = Slope(value, value - half, value + half, n, n)
    p = p_value(found)
    assert p == pytest.approx(2 * student.sf(abs(value) / half * student.ppf(0.975, n - 1), n - 1), abs=1e-5)
    assert (p < 0.05) is (found.sign() != 0) or p == pytest.approx(0.05, abs=1e-6)
    ratio = Ratio(math.exp(value), math.exp(value - half), math.exp(value + half), n, n)
    assert p_value(ratio, 1) == pytest.approx(p, abs=1e-9)


@given(st.floats(-0.6, 0.6), st.floats(0.01, 0.6), st.integers(3, 200))
def test_a_ratio_is_bounded_where_its_interval_at_twice_the_level_is(value: float, half: float, n: int) -> None:
    found = Ratio(math.exp(value), math.exp(value - half), math.exp(value + half), n, n)
    narrow = half * student.ppf(0.95, n - 1) / student.ppf(0.975, n - 1)
    reach = abs(value) + narrow - math.log(1.5)
    if abs(reach) > 1e-4:
        assert bounded(found, 1.5, 0.05) == (reach < 0)


@pytest.mark.parametrize(
    "found", [Slope.unknown("no replies"), Estimate(0.5, None, None, 3, 3), Slope(1, 0.9, 1.1, 9, 1)]
)
def test_a_number_without_an_interval_is_no_evidence(found: Any) -> None:
    assert p_value(found) == 1


@pytest.mark.parametrize(
    "found",
    [Slope(1, None, None, 9, 1), Slope(1, 0.5, None, 9, 9), Slope.unknown("no replies"), Slope(1, 0.5, 99, 9, 9)],
)
def test_a_slope_without_bounds_gives_no_ratio_and_any_other_its_exponential(found: Slope) -> None:
    unknown = exponential(found)
    assert (unknown.value, unknown.low, unknown.high) == (None, None, None)
    known = exponential(Slope(1, 0.5, 2, 9, 8))
    assert [known.value, known.low, known.high] == pytest.approx([math.e, math.exp(0.5), math.exp(2)])
    assert (known.n, known.problems) == (9, 8)


def test_a_gap_is_unknown_where_the_slope_of_either_side_is() -> None:
    rng = np.random.default_rng(3)
    strata = np.repeat(np.arange(30), 4)
    x = rng.normal(size=120)
    told = Sample((rng.random(120) < 0.5).astype(float), x, strata, strata)
    few = Sample(np.where(strata < 4, (x > 0).astype(float), 0.0), x, strata, strata)
    for first, second in ((told, few), (few, told)):
        gap = slope_gap(first, second)
        assert gap.value is None
        assert "10 are needed" in gap.reason


def sides(seed: int) -> tuple[Sample, Sample]:
    """Two sides of the same items, of which the second obeys less often and falls more steeply."""
    rng = np.random.default_rng(seed)
    made = []
    for level, steep in ((0.5, -0.3), (-0.5, -1.0)):
        x = rng.normal(size=len(OWNERS))
        y = (rng.random(len(OWNERS)) < 1 / (1 + np.exp(-level - steep * x))).astype(float)
        made.append(Sample(y, x, OWNERS, OWNERS))
    return made[0], made[1]


def numbers(found: Estimate) -> list[float]:
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return [found.value, found.low, found.high]


def turned(found: Estimate) -> list[float]:
    value, low, high = numbers(found)
    return [-value, -high, -low]


@pytest.mark.parametrize("seed", range(3))
def test_a_gap_of_slopes_is_the_difference_of_those_of_both_sides(seed: int) -> None:
    first, second = sides(seed)
    gap = slope_gap(first, second)
    there, back = (numbers(within(*side))[0] for side in (first, second))
    assert gap.value == pytest.approx(there - back)
    assert numbers(slope_gap(second, first)) == pytest.approx(turned(gap))


def test_a_gap_of_slopes_of_which_one_is_separated_has_the_interval_that_both_give() -> None:
    y, x, owners, _ = pairs(1)
    apart, other = Sample(y, x, owners, owners), sides(1)[1]
    (a, a_low, a_high), (b, b_low, b_high) = (numbers(within(*side)) for side in (apart, other))
    gap = slope_gap(apart, other)
    ends = a - b - math.hypot(a - a_low, b_high - b), a - b + math.hypot(a_high - a, b - b_low)
    assert numbers(gap) == pytest.approx([a - b, *ends])
    assert numbers(slope_gap(other, apart)) == pytest.approx(turned(gap))


@pytest.mark.filterwarnings("ignore:Dropped")
@pytest.mark.parametrize("seed", range(3))
def test_a_gap_of_levels_is_the_conditional_logit_of_statsmodels_on_the_side(seed: int) -> None:
    first, second = sides(seed)
    y, x, strata, _ = map(np.concatenate, zip(first, second, strict=True))
    side = np.repeat([1.0, 0.0], len(OWNERS))
    oracle = ConditionalLogit(y, np.column_stack([side, x]), groups=strata).fit(disp=0)
    gap = level_gap(first, second)
    assert gap.value == pytest.approx(oracle.params[0], abs=1e-4)
    assert numbers(level_gap(second, first)) == pytest.approx(turned(gap))


def chance_log(y: Array, eta: Array) -> float:
    """The logarithm of the chance that these rows of a stratum obeyed, of all choices of as many."""
    ways = itertools.combinations(eta, int(y.sum()))
    return float(eta[y == 1].sum() - math.log(sum(math.exp(sum(way)) for way in ways)))


def test_a_likelihood_is_that_of_all_choices_and_a_ratio_of_two_has_wilks_p_value() -> None:
    first, _ = sides(2)
    noise = np.random.default_rng(99).normal(size=len(OWNERS))
    designs = first.x[:, None], np.column_stack([first.x, noise])
    bound, free = (conditional(first.outcome, design, OWNERS, OWNERS) for design in designs)
    known = [
        sum(
            chance_log(first.outcome[own], (design @ fit.coefficients)[own])
            for own in np.arange(ITEMS)[:, None] == OWNERS
        )
        for design, fit in zip(designs, (bound, free), strict=True)
    ]
    assert [bound.likelihood, free.likelihood] == pytest.approx(known)
    assert likelihood_ratio(bound, free) == pytest.approx(chi2.sf(2 * (known[1] - known[0]), 1))
    assert likelihood_ratio(free, bound) == 1
    none = conditional(first.outcome * 0, first.x, OWNERS, OWNERS)
    assert likelihood_ratio(none, free) == likelihood_ratio(bound, none) == 1


def test_a_slope_of_which_no_variation_was_seen_has_a_value_and_no_interval() -> None:
    fit = Fit(np.asarray([1.0, 2.0]), np.diag([1e-15, 4.0]), 90, 30)
    none = fit.estimate([1, 0])
    assert (none.value, none.low, none.high) == (1, None, None)
    assert "no variation" in none.reason
    half = student.ppf(0.975, 29) * math.sqrt(4e-15 + 9 * 4)
    assert numbers(fit.estimate([2, 3])) == pytest.approx([8, 8 - half, 8 + half])
    assert fit.estimate([0, 9]).reason == "the interval of the slope has no bounds"
