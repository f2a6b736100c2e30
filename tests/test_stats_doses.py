"""Laws of the dose slope: least squares where the dose is what was assigned, unmoved by what a model chooses itself."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import statsmodels.api as sm

from mathif.stats import Estimate, dose_slope, instrumental, unit_effects
from mathif.stats.intervals import t_quantile

DOSES = (0.0, 2.0, 4.0, 8.0)


def world(seed: int, slope: float, chosen: float = 0.0, units: int = 60) -> tuple[np.ndarray, ...]:
    """Outcomes, doses, assigned amounts, units and problems; `chosen` is what a hidden urge does to length and harm."""
    rng = Random(seed)
    rows = []
    for unit in range(units):
        own = rng.uniform(0.2, 0.8)
        for amount in DOSES:
            urge = rng.gauss(0, 1)
            dose = amount + 2 * urge * bool(chosen)
            rows.append((own + slope * dose - chosen * urge + rng.gauss(0, 0.2), dose, amount, unit, unit // 3))
    return tuple(np.asarray(values, dtype=float) for values in zip(*rows, strict=True))


def test_where_the_dose_is_assigned_it_is_least_squares_with_a_constant_for_each_unit() -> None:
    outcome, dose, assigned, units, problems = world(1, -0.03)
    constants = np.asarray(units[:, None] == np.unique(units), dtype=float)
    fit = sm.OLS(outcome, np.column_stack([dose, constants])).fit()
    robust = fit.get_robustcov_results("cluster", groups=problems, df_correction=True, use_correction=False)
    found = dose_slope(outcome, dose, assigned, units, problems)
    assert found.value == pytest.approx(fit.params[0], abs=1e-10)
    assert found.low is not None
    assert found.high is not None
    clusters = 20
    t = 2.093024  # 97.5 % quantile of Student's t with 19 degrees of freedom
    error = (found.high - found.low) / 2 / t
    assert error == pytest.approx(robust.bse[0] * (clusters / (clusters - 1)) ** 0.5, rel=1e-6)


def covered(estimate: Estimate, truth: float) -> bool:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= truth <= estimate.high


@pytest.mark.parametrize("truth", [0.0, -0.03])
def test_what_the_model_chooses_itself_does_not_enter(truth: float) -> None:
    """The naive slope takes the hidden urge for harm of length; the assigned amounts do not."""
    found = [dose_slope(*world(seed, truth, chosen=0.1)) for seed in range(300)]
    assert 0.92 <= sum(covered(estimate, truth) for estimate in found) / 300 <= 0.98
    naive = [dose_slope(o, d, d, u, p) for o, d, _, u, p in (world(seed, truth, chosen=0.1) for seed in range(20))]
    assert sum(covered(estimate, truth) for estimate in naive) <= 10


def test_amounts_that_do_not_move_the_length_tell_nothing() -> None:
    outcome, dose, _, units, problems = world(2, -0.03, chosen=0.1)
    shuffled = np.asarray(Random(3).sample(dose.tolist(), len(dose)))
    found = dose_slope(outcome, dose, shuffled, units, problems)
    assert found.value is None
    assert found.reason == "how the amounts changed the length is told too roughly to give its effect"


def test_one_amount_tells_nothing_and_nothing_tells_nothing() -> None:
    outcome, dose, assigned, units, problems = world(2, 0)
    found = dose_slope(outcome, dose, 0 * assigned, units, problems)
    assert (found.value, found.reason) == (None, "no reply was given two amounts")
    empty = np.asarray([], dtype=float)
    assert dose_slope(empty, empty, empty, empty, empty).reason == "no replies"


@pytest.mark.parametrize("moved", [1.0, 0.15])
def test_the_instrumental_slope_holds_the_truth_however_weak_the_instrument(moved: float) -> None:
    held = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        units = np.repeat(np.arange(60), 4)
        assigned = np.tile([0.0, 1.0, 2.0, 3.0], 60)
        urge = rng.normal(size=240)
        dose = moved * assigned + urge
        outcome = 0.5 - 0.1 * dose + 0.2 * urge + rng.normal(0, 0.2, 240)
        found = instrumental(outcome, dose, assigned, units, units)
        held += found.low is None or found.high is None or found.low <= -0.1 <= found.high
        if moved == 1:
            two_stage = dose_slope(outcome, dose, assigned, units, units)
            assert found.value == pytest.approx(two_stage.value)
            assert found.low == pytest.approx(two_stage.low, abs=0.01)
    assert held >= 88


def test_an_instrument_that_moves_nothing_gives_an_interval_without_ends() -> None:
    rng = np.random.default_rng(1)
    units, assigned = np.repeat(np.arange(60), 2), np.tile([0.0, 1.0], 60)
    found = instrumental(rng.random(120), rng.normal(size=120), assigned, units, units)
    assert (found.low, found.high) == (None, None)
    assert found.reason


def test_effects_between_versions_are_those_of_least_squares_with_a_dummy_for_each_unit() -> None:
    rng = np.random.default_rng(5)
    units = np.repeat(np.arange(40), 6)
    design = np.column_stack([rng.normal(size=240), rng.choice((-0.5, 0.5), 240)])
    outcome = 0.3 * design[:, 0] - 0.2 * design[:, 1] + rng.normal(size=40)[units] + rng.normal(size=240)
    dummies = (units[:, None] == np.arange(40)).astype(float)
    reference = sm.OLS(outcome, np.hstack([design, dummies])).fit(
        cov_type="cluster", cov_kwds={"groups": units, "use_correction": False}
    )
    for place, found in enumerate(unit_effects(outcome, design, units, units)):
        assert found.value == pytest.approx(reference.params[place])
        assert found.low is not None
        half = t_quantile(39) * reference.bse[place] * np.sqrt(40 / 39)
        assert found.low == pytest.approx(reference.params[place] - half, rel=1e-6)


def test_a_column_that_moves_in_no_unit_has_no_effect_and_spoils_no_other() -> None:
    rng = np.random.default_rng(6)
    units = np.repeat(np.arange(20), 4)
    design = np.column_stack([rng.normal(size=80), units % 2])
    told, untold = unit_effects(rng.normal(size=80), design, units, units)
    assert told.value is not None
    assert untold.value is None
    assert "versions that differ" in untold.reason
    assert unit_effects(np.zeros(8), np.zeros((8, 1)), np.arange(8), np.arange(8))[0].value is None


def test_columns_that_follow_from_each_other_have_no_effect_of_their_own() -> None:
    rng = np.random.default_rng(7)
    units, column = np.repeat(np.arange(20), 4), rng.normal(size=80)
    both = unit_effects(rng.normal(size=80), np.column_stack([column, 2 * column]), units, units)
    assert [found.value for found in both] == [None, None]


@pytest.mark.parametrize("problems", [9, 10])
def test_ten_problems_are_the_fewest_that_tell_an_effect(problems: int) -> None:
    rng = np.random.default_rng(8)
    units = np.repeat(np.arange(problems), 4)
    (found,) = unit_effects(rng.normal(size=len(units)), rng.normal(size=(len(units), 1)), units, units)
    assert (found.value is not None) is (problems == 10)
    assert found.reason == ("" if problems == 10 else "9 problems in several versions; 10 are needed")
