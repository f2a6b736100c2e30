"""Laws of hazards: the textbook estimates, and a trend that a longer text or an early choice does not feign."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize  # type: ignore[import-untyped]
from statsmodels.discrete.conditional_models import ConditionalLogit
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight

from mathif.stats import (
    Array,
    break_rate,
    hazard_growth,
    hazard_ratio,
    hazard_trend,
    odds_growth,
    smooth,
    survival,
)


class Texts:
    """Places at which the told and the untold texts of 40 items broke, or where they ended."""

    def __init__(self, seed: int, law: str) -> None:
        rng = np.random.default_rng(seed)
        self.items = np.repeat(np.arange(40), 4)
        n = len(self.items)
        self.longer = 4 if law == "choice" else 1
        untold_end, end = rng.lognormal(6, 0.4, n), rng.lognormal(6, 0.4, n) * self.longer
        untold = rng.exponential(60, n)
        told = {
            "choice": np.where(rng.random(n) < 0.4, untold[rng.permutation(n)], np.inf),
            "lapse": rng.exponential(300, n),
            "fading": 400 * rng.weibull(2, n),
        }[law]
        self.untold, self.untold_broken = np.minimum(untold, untold_end), (untold < untold_end).astype(float)
        self.told, self.broken = np.minimum(told, end), (told < end).astype(float)
        window = np.minimum(end, untold_end)
        self.inside, self.inside_broken = np.minimum(told, window), (told < window).astype(float)


@pytest.mark.parametrize("seed", range(2))
def test_the_survival_curve_is_that_of_kaplan_and_meier(seed: int) -> None:
    texts = Texts(seed, "lapse")
    places = np.ceil(texts.told / 10) * 10
    oracle = SurvfuncRight(places, texts.broken)
    at = oracle.surv_times[::7].astype(int)
    found = survival(places, texts.broken, np.arange(len(places)), at)
    for point, share, error in zip(found, oracle.surv_prob[::7], oracle.surv_prob_se[::7], strict=True):
        assert point.share.value == pytest.approx(share)
        assert point.at_risk == (places > point.at).sum()
        assert point.share.low is not None
        assert point.share.high is not None
        if 0.1 < share < 0.9:
            assert point.share.high - point.share.low == pytest.approx(2 * 1.96 * error, rel=0.1)


@pytest.mark.parametrize("seed", range(2))
def test_the_hazard_ratio_is_that_of_cox_stratified_by_item(seed: int) -> None:
    texts = Texts(seed, "lapse")
    places = np.concatenate([texts.untold, texts.told])
    broken, items = np.concatenate([texts.untold_broken, texts.broken]), np.tile(texts.items, 2)
    told = np.repeat([0.0, 1.0], len(texts.items))
    oracle = PHReg(places, told[:, None], status=broken, strata=items, ties="breslow").fit()
    found = hazard_ratio(places, broken, told, items, items)
    assert found.value == pytest.approx(float(np.exp(oracle.params[0])), rel=1e-4)


def test_the_trend_is_the_shape_of_the_weibull_law_of_highest_likelihood() -> None:
    texts = Texts(0, "fading")
    entry, end, d = texts.untold / 400, texts.inside / 400, texts.inside_broken
    kept = end > entry

    def loss(at: Array) -> float:
        rate, power = np.exp(at)
        whole = (end[kept] ** power - entry[kept] ** power) * rate
        return -float((d[kept] * (np.log(power * rate) + (power - 1) * np.log(end[kept]))).sum() - whole.sum())

    oracle = minimize(loss, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    found = hazard_trend(texts.untold, texts.inside, d, texts.items)
    assert found.value == pytest.approx(np.log(2) * (np.exp(oracle.x[1]) - 1), abs=1e-4)


@pytest.mark.parametrize(("law", "rises"), [("choice", 0), ("lapse", 3), ("fading", 40)])
def test_a_rising_hazard_is_found_where_obedience_fades_and_nowhere_else(law: str, rises: int) -> None:
    found = 0
    for seed in range(40):
        texts = Texts(seed, law)
        found += hazard_trend(texts.untold, texts.inside, texts.inside_broken, texts.items).sign() == 1
    assert found <= rises if law != "fading" else found >= 36


def test_the_trend_of_an_even_hazard_is_held_as_often_as_the_interval_says() -> None:
    held = 0
    for seed in range(100):
        texts = Texts(seed, "lapse")
        found = hazard_trend(texts.untold, texts.inside, texts.inside_broken, texts.items)
        held += found.sign() == 0
    assert held >= 88


def test_too_few_texts_that_break_give_no_trend() -> None:
    texts = Texts(0, "lapse")
    found = hazard_trend(texts.untold, texts.inside, 0 * texts.broken, texts.items)
    assert found.value is None
    assert "are needed" in found.reason
    assert survival(np.zeros(0), np.zeros(0), np.zeros(0), np.asarray([1])) == ()


def test_a_place_that_few_texts_reach_is_left_out_where_others_ended_unbroken_before_it() -> None:
    places = np.array([40.0] * 10 + [60.0] * 6)
    broken = np.array([0.0] * 10 + [1.0] * 6)
    clusters, at = np.arange(16), np.array([0.0, 50.0, 60.0, 100.0])
    found = survival(places, broken, clusters, at)
    assert [(one.at, one.share.value) for one in found] == [(0, 1.0), (50, 1.0), (60, 0.0)]
    every = survival(places, np.ones(16), clusters, at)
    assert [one.share.value for one in every] == [1.0, 0.375, 0.0, 0.0]


def dosed() -> tuple[Array, Array, Array, Array, Array]:
    """Places, breaks, sides, doses and items of texts, of which both sides have every dose."""
    rng = np.random.default_rng(11)
    items = np.repeat(np.arange(40), 12)
    given, dose = np.tile(np.repeat([0.0, 1.0], 6), 40), np.tile([0.0, 0.5, 1.0], 160)
    breaks = rng.exponential(100 * np.exp(-0.5 * given - 0.8 * given * dose))
    end = rng.exponential(100, len(items))
    return np.minimum(breaks, end), (breaks < end).astype(float), given, dose, items


def test_the_growth_of_a_hazard_ratio_is_that_of_cox_stratified_by_item_and_dose() -> None:
    places, broken, given, dose, items = dosed()
    columns, strata = np.column_stack([given, given * dose]), items * 3 + (2 * dose).astype(int)
    oracle = PHReg(places, columns, status=broken, strata=strata, ties="breslow").fit()
    found = hazard_growth(places, broken, given, dose, items, items)
    assert found.value == pytest.approx(float(np.exp(oracle.params[1])), rel=1e-4)
    assert found.problems <= 40


@pytest.mark.filterwarnings("ignore:Dropped")
def test_the_growth_of_an_odds_ratio_is_the_conditional_logit_of_statsmodels() -> None:
    _, broken, given, dose, items = dosed()
    columns, strata = np.column_stack([given, given * dose]), items * 3 + (2 * dose).astype(int)
    oracle = ConditionalLogit(broken, columns, groups=strata).fit(disp=0)
    assert odds_growth(broken, given, dose, items, items).value == pytest.approx(np.exp(oracle.params[1]), rel=1e-3)


def test_a_text_that_counts_from_its_first_place_on_is_the_limit_of_ones_that_count_from_hardly_behind_it() -> None:
    places, broken, _, _, items = dosed()
    found, near = (hazard_trend(np.full(len(places), entry), places, broken, items) for entry in (0.0, 1e-9))
    assert found.value == pytest.approx(near.value, abs=1e-6)
    assert found.low == pytest.approx(near.low, abs=1e-6)


def test_a_rate_of_breaks_is_breaks_over_exposure_with_the_interval_of_that_ratio() -> None:
    rng = np.random.default_rng(3)
    broken, exposure, items = (
        rng.integers(0, 2, 60).astype(float),
        rng.uniform(10, 900, 60),
        np.repeat(np.arange(20), 3),
    )
    found = break_rate(broken, exposure, items, 1000)
    value = 1000 * broken.sum() / exposure.sum()
    apart = broken / broken.mean() - exposure / exposure.mean()  # of the logarithm of the ratio
    half = smooth(0.0, apart / 60, items).high
    assert half is not None
    assert [found.value, found.low, found.high] == pytest.approx([value, value * np.exp(-half), value * np.exp(half)])
    assert (found.n, found.problems) == (60, 20)


def test_where_nothing_broke_a_rate_reaches_from_none_to_the_most_that_poisson_allows() -> None:
    found = break_rate(np.zeros(4), np.full(4, 50.0), np.asarray([1, 1, 2, 3]), 1000)
    assert (found.value, found.low, found.n, found.problems) == (0, 0, 4, 3)
    assert found.high is not None
    assert np.exp(-found.high * 200 / 1000) == pytest.approx(0.025)
    assert break_rate(np.zeros(2), np.zeros(2), np.arange(2), 1000).reason == "there is no such text"
