"""Laws of the statistics: each formula against an independent implementation, and what degenerate data get."""

import math
import warnings
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2, t  # type: ignore[import-untyped]
from statsmodels.discrete.conditional_models import ConditionalLogit
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from mathif.stats import (
    Array,
    Estimate,
    borne,
    conditional,
    difference,
    doublings,
    equal_bins,
    evenly,
    false_discovery,
    fixed_bins,
    flip_test,
    fold,
    logistic,
    matched_difference,
    mean,
    odds_ratio,
    share,
    slope,
    smooth,
    wilson,
    within_between,
)
from mathif.stats.evidence import chi_square_tail, tail
from mathif.stats.intervals import Z, t_quantile

bits = st.lists(st.integers(0, 1), min_size=1, max_size=40)
lengths = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)


def ends(found: Estimate) -> tuple[float, float]:
    """Both ends of an interval that there must be."""
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


class Sample:
    """A seeded sample with a hidden effect for each problem."""

    def __init__(self, seed: int, problems: int = 60, samples: int = 5, effect: float = -0.4, sd: float = 1.0) -> None:
        rng = np.random.default_rng(seed)
        self.clusters = np.repeat(np.arange(problems), samples)
        hidden = np.repeat(rng.normal(0, sd, problems), samples)
        self.x = hidden + rng.normal(0, 1, len(hidden))
        self.z = rng.integers(0, 2, len(hidden)).astype(float)
        self.y = (rng.random(len(hidden)) < 1 / (1 + np.exp(-(0.2 - hidden + effect * self.x)))).astype(float)
        self.design = np.column_stack([np.ones(len(hidden)), self.x, self.z])


@pytest.mark.parametrize("df", [1, 2, 3, 7, 40, 41, 100, 5000])
def test_the_student_quantile_is_that_of_scipy(df: int) -> None:
    assert t_quantile(df) == pytest.approx(t.ppf(0.975, df), abs=1e-7)


@given(bits)
def test_where_every_problem_appears_once_the_interval_is_wilsons(values: list[int]) -> None:
    found = share(values, list(range(len(values))))
    low, high = proportion_confint(sum(values), len(values), method="wilson")
    assert ends(found) == pytest.approx((max(low, 0), min(high, 1)), abs=1e-12)


@given(bits, st.randoms(use_true_random=False))
def test_an_interval_of_a_share_holds_its_value_stays_in_range_and_never_collapses(values: list[int], rng: Any) -> None:
    clusters = [rng.randrange(1 + len(values) // 2) for _ in values]
    for estimate in (share, mean):
        found = estimate(values, clusters)
        low, high = ends(found)
        assert found.value is not None
        assert 0 <= low <= found.value <= high <= 1
        assert low < high
        assert (found.n, found.problems) == (len(values), len(set(clusters)))


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_where_all_replies_agree_the_problems_are_what_counts(value: float) -> None:
    found = share([value] * 40, [place // 4 for place in range(40)])
    assert (found.low, found.high) == wilson(value, 10)


def test_copies_of_a_reply_do_not_narrow_an_interval() -> None:
    values, clusters = [1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1], list(range(12))
    once = mean(values, clusters)
    copied = mean(np.repeat(values, 5), np.repeat(clusters, 5))
    assert ends(copied) == pytest.approx(ends(once))


def test_a_mean_of_many_replies_has_the_clustered_student_interval() -> None:
    rng = np.random.default_rng(5)
    clusters = np.repeat(np.arange(2000), 3)
    values = np.clip(0.5 + np.repeat(rng.normal(0, 0.1, 2000), 3) + rng.normal(0, 0.1, 6000), 0, 1)
    oracle = sm.OLS(values, np.ones(6000)).fit(cov_type="cluster", cov_kwds={"groups": clusters})
    found = mean(values, clusters)
    assert found.low == pytest.approx(oracle.params[0] - Z * oracle.bse[0], abs=2e-5)
    assert found.high == pytest.approx(oracle.params[0] + Z * oracle.bse[0], abs=2e-5)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=40))
def test_a_difference_turned_round_has_its_interval_turned_round(pairs: list[tuple[int, int]]) -> None:
    first, second = zip(*pairs, strict=True)
    clusters = list(range(len(pairs)))
    there, back = difference(first, second, clusters), difference(second, first, clusters)
    low, high = ends(there)
    assert ends(back) == pytest.approx((-high, -low))
    assert -1 <= low < high <= 1
    assert there.value is not None
    assert low - 1e-12 <= there.value <= high + 1e-12


def test_a_paired_difference_of_shares_has_bonett_and_prices_interval() -> None:
    first, second = [1] * 30 + [0] * 10 + [1] * 5 + [0] * 15, [1] * 30 + [1] * 10 + [0] * 5 + [0] * 15
    n, lost, won = 60, 10, 5
    p, q = (won + 1) / (n + 2), (lost + 1) / (n + 2)
    half = t_quantile(59) * math.sqrt((p + q - (p - q) ** 2) / (n + 2))
    found = difference(first, second, range(60))
    assert found.value == pytest.approx(-5 / 60)
    assert found.low == pytest.approx(p - q - half, abs=2e-3)
    assert found.high == pytest.approx(p - q + half, abs=2e-3)


def test_a_smooth_function_of_a_mean_has_the_interval_of_the_mean() -> None:
    rng = np.random.default_rng(2)
    values, clusters = rng.random(300), np.repeat(np.arange(100), 3)
    oracle = sm.OLS(values, np.ones(300)).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
    found = smooth(float(values.mean()), (values - values.mean()) / 300, clusters)
    assert found.high == pytest.approx(oracle.conf_int()[0][1], abs=1e-9)


@given(lengths)
def test_fixed_bins_hold_every_length_once_and_double(values: list[int]) -> None:
    bins = fixed_bins(values)
    assert sum(int(bin_.holds(np.asarray(values)).sum()) for bin_ in bins) == len(values)
    assert [bin_.low for bin_ in bins] == [0, *(256 * 2**power for power in range(len(bins) - 1))]
    assert bins[-1].low <= max(values) < bins[-1].high or max(values) < 256


def test_an_edge_belongs_to_the_bin_above_it() -> None:
    assert [bin_.holds(np.asarray([255, 256])).tolist() for bin_ in fixed_bins([256])] == [[True, False], [False, True]]


def test_the_difference_in_one_problem_may_be_anything() -> None:
    found = difference([1, 0], [0, 0], ["a", "a"])
    assert (found.value, found.low, found.high, found.n, found.problems) == (0.5, -1, 1, 2, 1)


def test_a_number_that_the_data_cannot_give_is_told_by_its_reason_alone() -> None:
    assert Estimate.unknown("too few") == Estimate(None, None, None, 0, 0, "too few")
    assert Estimate.unknown("too few", 9, 3) == Estimate(None, None, None, 9, 3, "too few")


@given(lengths, st.integers(1, 8))
def test_equal_bins_hold_every_length_once_and_none_is_empty(values: list[int], count: int) -> None:
    bins = equal_bins(values, count)
    held = [int(bin_.holds(np.asarray(values)).sum()) for bin_ in bins]
    assert (bins[0].low, bins[-1].high) == (min(values), max(values) + 1)
    assert sum(held) == len(values)
    assert min(held) > 0
    if len(set(values)) == len(values) >= count:
        assert len(held) == count
        assert max(held) - min(held) <= 1


@pytest.mark.parametrize("seed", range(4))
def test_the_logistic_fit_is_that_of_statsmodels(seed: int) -> None:
    sample = Sample(seed)
    oracle = sm.Logit(sample.y, sample.design).fit(disp=0, tol=1e-14)
    fit = logistic(sample.y, sample.design, sample.clusters)
    np.testing.assert_allclose(fit.coefficients, oracle.params, atol=1e-8)
    np.testing.assert_allclose(
        np.sqrt(np.diag(fit.covariance)), np.sqrt(np.diag(left_out(sample, sample.design))), rtol=0.02
    )


def left_out(sample: Sample, design: Array) -> Array:
    """The covariance of coefficients that are fitted anew, by statsmodels, without each problem in turn."""
    groups = range(60)
    fits = [sm.Logit(sample.y[kept], design[kept]).fit(disp=0) for g in groups for kept in [sample.clusters != g]]
    moves = np.asarray([fit.params for fit in fits]) - sm.Logit(sample.y, design).fit(disp=0).params
    found: Array = 59 / 60 * moves.T @ moves
    return found


def test_a_control_that_one_problem_alone_has_leaves_the_error_of_a_slope_as_it_is() -> None:
    sample = Sample(1)
    alone = (sample.clusters == 7).astype(float)
    others = sample.clusters != 7
    known = slope(sample.y[others], sample.x[others], sample.clusters[others])
    mixed = np.where(sample.clusters == 7, np.arange(300) % 2, sample.y)  # else the control would fix its outcomes
    found = slope(mixed, sample.x, sample.clusters, [alone])
    assert ends(found)[1] - ends(found)[0] == pytest.approx(ends(known)[1] - ends(known)[0], rel=0.1)


def test_a_slope_that_hangs_on_one_problem_has_no_bounds() -> None:
    sample = Sample(2)
    x = np.where(sample.clusters == 7, np.arange(300.0) % 5, np.where(sample.clusters == 8, 1e-3 * sample.x, 0.0))
    found = slope(np.where(sample.clusters == 7, np.arange(300) % 2, sample.y), x, sample.clusters)
    assert (found.low, found.reason) == (None, "the interval of the slope has no bounds")


@pytest.mark.parametrize("seed", range(4))
def test_the_within_and_between_slopes_are_those_of_statsmodels(seed: int) -> None:
    sample = Sample(seed)
    means = np.repeat(sample.x.reshape(60, 5).mean(axis=1), 5)
    design = np.column_stack([np.ones(300), sample.x - means, means])
    oracle, errors = sm.Logit(sample.y, design).fit(disp=0, tol=1e-14), np.sqrt(np.diag(left_out(sample, design)))
    found = within_between(sample.y, sample.x, sample.clusters, sample.clusters)
    for estimate, place in ((found.within, 1), (found.between, 2)):
        assert estimate.value == pytest.approx(oracle.params[place], abs=1e-8)
        half = ends(estimate)[1] - oracle.params[place]
        assert half == pytest.approx(t_quantile(59) * errors[place], rel=0.03)


@pytest.mark.filterwarnings("ignore:Dropped")
@pytest.mark.parametrize("seed", range(4))
def test_the_conditional_fit_is_that_of_statsmodels(seed: int) -> None:
    sample = Sample(seed)
    y, groups = sample.y, sample.clusters
    design = np.column_stack([sample.x, np.random.default_rng(seed).normal(size=len(y))])
    oracle = ConditionalLogit(y, design, groups=groups)
    fit = conditional(y, design, groups, groups)
    bread = np.linalg.inv(
        [-oracle.score(fit.coefficients + step) + oracle.score(fit.coefficients - step) for step in STEP]
    )
    sums = [score_of(y[groups == g], design[groups == g], fit.coefficients) for g in range(60)]
    counted = [part for part in sums if part is not None]
    meat = np.asarray(counted).T @ np.asarray(counted) * len(counted) / (len(counted) - 1)
    np.testing.assert_allclose(bread * 2e-5 @ oracle.score(fit.coefficients), 0, atol=1e-8)
    covariance = (bread * 2e-5) @ meat @ (bread * 2e-5)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), np.sqrt(np.diag(covariance)), atol=1e-6)
    assert fit.problems == len(counted)


STEP = np.eye(2) * 1e-5


def score_of(y: Array, design: Array, beta: Array) -> Array | None:
    """The score of one stratum by statsmodels, None where it says nothing."""
    if y.min() == y.max():
        return None
    score: Array = ConditionalLogit(y, design, groups=np.zeros(len(y))).score(beta)
    return score


@pytest.mark.parametrize("seed", range(4))
def test_on_matched_pairs_the_conditional_fit_is_a_logit_of_differences(seed: int) -> None:
    sample = Sample(seed, problems=150, samples=2)
    y, x = sample.y.reshape(150, 2), sample.x.reshape(150, 2)
    split = y[:, 0] != y[:, 1]
    delta, owners = (x[:, 0] - x[:, 1])[split], np.arange(150)[split] // 2
    oracle = sm.Logit(y[split, 0], delta[:, None]).fit(
        disp=0, tol=1e-14, cov_type="cluster", cov_kwds={"groups": owners}
    )
    fit = conditional(sample.y, sample.x, sample.clusters, sample.clusters // 2)
    assert fit.coefficients[0] == pytest.approx(oracle.params[0], abs=1e-8)
    assert math.sqrt(fit.covariance[0, 0]) == pytest.approx(oracle.bse[0], abs=1e-6)
    assert (fit.n, fit.problems) == (2 * split.sum(), len(set(owners)))


def test_the_recursion_is_the_sum_over_all_choices() -> None:
    """The score at 0 of a stratum is the sum over its successes minus its mean times their number."""
    x, y = np.asarray([1.0, 2.0, 4.0, 9.0]), np.asarray([0.0, 1.0, 0.0, 1.0])
    many = 12
    fit = conditional(np.tile(y, many), np.tile(x, many), np.repeat(np.arange(many), 4), np.repeat(np.arange(many), 4))
    beta = float(fit.coefficients[0])
    pairs = [(x[i] + x[j]) for i in range(4) for j in range(i)]
    weights = [math.exp(beta * total) for total in pairs]
    assert sum(w * total for w, total in zip(weights, pairs, strict=True)) / sum(weights) == pytest.approx(11.0)


def test_what_is_the_same_in_a_stratum_does_not_move_the_conditional_slope() -> None:
    sample = Sample(3)
    there = conditional(sample.y, sample.x, sample.clusters, sample.clusters)
    moved = conditional(sample.y, sample.x + 100.0 * sample.clusters, sample.clusters, sample.clusters)
    assert moved.coefficients[0] == pytest.approx(there.coefficients[0], abs=1e-7)


@pytest.mark.parametrize(
    ("y", "said"),
    [
        (lambda x: np.ones(len(x)), "every reply passes"),
        (lambda x: np.zeros(len(x)), "no reply passes"),
        (lambda x: (x > 0).astype(float), "separated"),
        (lambda x: np.where(x > 0, 1.0, np.arange(len(x)) % 2), "separated"),
    ],
)
def test_a_design_without_a_finite_answer_says_so(y: Callable[[Array], Array], said: str) -> None:
    sample = Sample(1)
    x = np.sign(sample.x) if said == "separated" else sample.x
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = slope(y(x), x, sample.clusters)
    assert found.value is None
    assert said in found.reason


def test_a_conditional_design_without_a_finite_answer_says_so() -> None:
    sample = Sample(1)
    x = np.tile(np.arange(5.0), 60)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        perfect = conditional((x > 2).astype(float), x, sample.clusters, sample.clusters).estimate([1])
        constant = conditional(sample.y, np.ones(300), sample.clusters, sample.clusters).estimate([1])
        single = conditional(sample.y, sample.x, np.arange(300), sample.clusters).estimate([1])
    assert "separated" in perfect.reason
    assert "0 problems" in constant.reason
    assert "more than once" in single.reason
    assert perfect.value is constant.value is single.value is None


def test_too_few_problems_give_no_slope() -> None:
    few, enough = (Sample(1, problems=problems) for problems in (9, 10))
    assert "9 problems are too few for 2" in slope(few.y, few.x, few.clusters).reason
    assert slope(enough.y, enough.x, enough.clusters).low is not None
    assert slope(enough.y, 0 * enough.x, enough.clusters).reason == "a column is constant or follows from the others"
    many = [np.random.default_rng(place).integers(0, 2, 50) for place in range(8)]
    assert slope(enough.y, enough.x, enough.clusters, many).reason.startswith("10 problems are too few for 10")


@pytest.mark.parametrize("problems", [9, 10])
def test_ten_problems_that_tell_something_are_the_fewest_for_a_conditional_slope(problems: int) -> None:
    clusters = np.repeat(np.arange(30), 4)
    x = np.random.default_rng(4).normal(size=120)
    y = np.where(clusters < problems, np.arange(120) % 2, 1)
    found = conditional(y, x, clusters, clusters)
    assert found.problems == problems
    assert (found.reason == "") is (problems == 10)


def test_one_sample_a_problem_gives_no_slope_within_and_one_between() -> None:
    sample = Sample(1, problems=100, samples=1)
    found = within_between(sample.y, sample.x, sample.clusters, sample.clusters)
    assert found.within.value is None
    assert "more than once" in found.within.reason
    assert found.between.value is not None


def test_a_control_that_repeats_another_changes_nothing() -> None:
    sample = Sample(2)
    once = slope(sample.y, sample.x, sample.clusters, [sample.z])
    twice = slope(sample.y, sample.x, sample.clusters, [sample.z, 1 - sample.z, sample.z, np.ones(300)])
    assert twice == once


def test_a_control_that_fixes_the_outcome_takes_its_replies_out() -> None:
    sample = Sample(2)
    y = np.where(sample.z == 1, 1.0, sample.y)
    found = slope(y, sample.x, sample.clusters, [sample.z])
    rest = sample.z == 0
    assert found == slope(sample.y[rest], sample.x[rest], sample.clusters[rest])


def test_an_odds_ratio_is_that_of_the_table() -> None:
    first = np.asarray([1] * 50 + [0] * 50)
    second = np.asarray([1] * 30 + [0] * 20 + [1] * 10 + [0] * 40)
    found = odds_ratio(first, second, np.arange(100))
    error = math.sqrt(1 / 30 + 1 / 20 + 1 / 10 + 1 / 40)
    assert found.value == pytest.approx(30 * 40 / (20 * 10))
    assert found.low == pytest.approx(6 * math.exp(-t_quantile(99) * error), rel=0.02)
    assert odds_ratio(first, first, np.arange(100)).value is None


@given(st.integers(0, 200), st.integers(0, 200))
def test_with_one_flip_a_problem_the_flip_test_is_the_exact_binomial_test(lost: int, won: int) -> None:
    known = binomtest(lost, lost + won).pvalue if lost + won else 1
    assert flip_test([-1] * lost + [1] * won) == pytest.approx(known, rel=1e-9)


@given(st.lists(st.integers(-4, 4), max_size=10))
def test_the_flip_test_counts_every_way_that_the_signs_may_fall(net: list[int]) -> None:
    ways = [[sign * size for sign, size in zip(signs, net, strict=True)] for signs in product((1, -1), repeat=len(net))]
    assert flip_test(net) == pytest.approx(sum(abs(sum(way)) >= abs(sum(net)) for way in ways) / len(ways))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_false_discovery_is_that_of_statsmodels(p_values: list[float]) -> None:
    oracle = multipletests(p_values, method="fdr_bh")[1]
    assert false_discovery(p_values) == pytest.approx(list(oracle), abs=1e-12)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0.01, 1)), min_size=1, max_size=8), st.sampled_from([0.01, 0.05]))
def test_what_a_family_bears_lies_beyond_0_by_more_than_its_own_interval(
    found: list[tuple[float, float]], level: float
) -> None:
    family = {place: Estimate(value, value - half, value + half, 40, 40) for place, (value, half) in enumerate(found)}
    ways = borne(family, level)
    assert all(way in (0, family[place].sign()) for place, way in ways.items())
    assert borne({0: family[0]}, 0.05) == {0: family[0].sign()}
    assert sum(map(abs, ways.values())) <= sum(abs(way) for way in borne(family, 0.05).values())


@given(st.floats(0, 60), st.integers(1, 12))
def test_the_tail_of_chi_square_is_that_of_scipy(value: float, df: int) -> None:
    assert chi_square_tail(value, df) == pytest.approx(chi2.sf(value, df), rel=1e-7, abs=1e-12)
    assert chi_square_tail(-value, df) == 1


@given(st.floats(0, 6), st.sampled_from([1, 2, 3, 40, 41, 300]))
def test_the_tail_of_student_is_that_of_scipy(value: float, df: int) -> None:
    assert tail(value, df) == pytest.approx(2 * t.sf(value, df), abs=1e-9)
    assert tail(value, 10**6) == pytest.approx(2 * t.sf(value, 10**6), abs=1e-5)


def test_the_exact_tail_of_student_reaches_as_far_as_it_is_said_to() -> None:
    assert tail(3.0, 2000) == pytest.approx(2 * t.sf(3.0, 2000), abs=1e-9)


@given(st.lists(st.tuples(st.floats(0.01, 100), st.floats(0.01, 100)), min_size=4, max_size=30))
def test_a_fold_is_the_geometric_mean_with_the_interval_of_its_logarithm(pairs: list[tuple[float, float]]) -> None:
    first, second = np.asarray(pairs).T
    clusters = np.arange(len(pairs)) // 2
    found, back = fold(first, second, clusters), fold(second, first, clusters)
    logs = np.log(first / second)
    sums = np.bincount(clusters, logs - logs.mean())
    groups = len(sums)
    half = t.ppf(0.975, groups - 1) * math.sqrt((sums**2).sum() * groups / (groups - 1)) / len(logs)
    known = [logs.mean(), logs.mean() - half, logs.mean() + half]
    expected = np.exp(np.clip(known, -700, 700))
    assert [found.value, *ends(found)] == pytest.approx(expected.tolist(), rel=1e-5)
    assert [back.value, *ends(back)[::-1]] == pytest.approx((1 / expected).tolist(), rel=1e-5)
    assert (found.n, found.problems) == (len(pairs), groups)


def test_a_fold_of_one_problem_is_unknown_and_one_beyond_all_numbers_has_ends() -> None:
    one = np.ones(3)
    assert fold(one, one, one) == type(fold(one, one, one)).unknown("fewer than two problems with a pair", 3, 1)
    assert fold(one[:0], one[:0], one[:0]).problems == 0
    far = fold(np.asarray([1e300, 1e-300]), np.asarray([1e-300, 1e300]), np.arange(2))
    assert far.value == 1
    assert ends(far) == pytest.approx((math.exp(-700), math.exp(700)))


def test_outcomes_are_matched_within_each_doubling_that_both_sides_have() -> None:
    """Sizes 1, 2-3, 4-7; the last of `second` has no partner, and empty counts as 1."""
    first, sizes = np.asarray([1.0, 0.0, 1.0, 1.0, 0.0]), np.asarray([0, 1, 2, 3, 3])
    second, others = np.asarray([0.0, 1.0, 0.0, 1.0]), np.asarray([1, 2, 3, 4])
    found = matched_difference(first, sizes, second, others, np.arange(5), np.arange(4))
    assert found.value == pytest.approx(1 / 3 * (1 / 2 - 0) + 2 / 3 * (2 / 3 - 1 / 2))
    influence = [1 / 3 * step / 2 for step in (1 / 2, -1 / 2)] + [2 / 3 * step / 3 for step in (1 / 3, 1 / 3, -2 / 3)]
    taken_off = [0.0, *(-2 / 3 * step / 2 for step in (1 / 2, -1 / 2))]
    known = smooth(
        1 / 3 * 1 / 2 + 2 / 3 * 1 / 6, np.asarray(influence + taken_off), np.asarray([0, 1, 2, 3, 4, 0, 1, 2])
    )
    assert ends(found) == pytest.approx((max(-1, ends(known)[0]), min(1, ends(known)[1])))
    assert (found.n, found.problems) == (8, 5)
    apart = matched_difference(first, sizes, second, others * 100, np.arange(5), np.arange(4))
    assert (apart.value, apart.n, apart.reason) == (None, 9, "no two texts are of the same length")


@given(lengths)
def test_a_doubling_more_is_twice_as_long(values: list[int]) -> None:
    assert doublings([2 * max(value, 1) for value in values]) == pytest.approx(doublings(values) + 1)
    assert doublings([0, 1, 2, 8]).tolist() == [0, 0, 1, 3]


@given(st.integers(0, 60), st.integers(0, 60))
def test_rows_that_are_taken_evenly_lie_in_the_middle_of_parts_of_one_size(size: int, most: int) -> None:
    taken = evenly(range(size), most)
    assert len(taken) == min(size, most)
    for number, place in enumerate(taken):
        middle = (number + 0.5) * size / len(taken)
        assert abs(place + 0.5 - middle) <= 0.5 + 1e-9
