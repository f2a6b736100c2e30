"""Laws of the curve: a band that holds the whole of it, a test that sees a rise and fall, and a loss it excludes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline  # type: ignore[import-untyped]
from scipy.special import logit  # type: ignore[import-untyped]
from scipy.stats import f, t  # type: ignore[import-untyped]

from mathif.stats import Array, Curve, within_curve
from mathif.stats.conditional_fit import conditional

ITEMS, SAMPLES = 100, 4
OWNERS = np.repeat(np.arange(ITEMS), SAMPLES)


def world(seed: int, law: Callable[[Array], Array], *, own: bool = True) -> tuple[Array, Array]:
    """Outcomes and lengths whose log-odds follow `law` of the distance from the item's own length, or from all's."""
    rng = np.random.default_rng(seed)
    hard = rng.normal(size=ITEMS)[OWNERS]
    distance = rng.normal(0, 0.8, len(OWNERS))
    log_odds = 0.5 - 0.5 * hard + law(distance if own else hard + distance)
    return (rng.random(len(OWNERS)) < 1 / (1 + np.exp(-log_odds))).astype(float), 10 + hard + distance


def flat(x: Array) -> Array:
    return 0 * x


def line(x: Array) -> Array:
    return np.asarray(-0.6 * x)


def hill(x: Array) -> Array:
    return np.asarray(1.3 - 1.07 * x**2)


@pytest.mark.parametrize("own", [True, False])
def test_a_rise_and_fall_is_seen_wherever_its_middle_is(own: bool) -> None:
    assert sum(within_curve(*world(seed, hill, own=own), OWNERS, OWNERS).p < 0.01 for seed in range(30)) >= 27


@pytest.mark.parametrize("law", [flat, line])
def test_a_straight_line_is_not_called_bent(law: Callable[[Array], Array]) -> None:
    assert sum(within_curve(*world(seed, law), OWNERS, OWNERS).p < 0.05 for seed in range(100)) <= 12


@pytest.mark.parametrize(("law", "true"), [(flat, 0.0), (line, -0.6)])
def test_the_band_holds_the_whole_line_and_the_steepest_fall_is_a_bound(
    law: Callable[[Array], Array], true: float
) -> None:
    held = bounded = 0
    for seed in range(100):
        found = within_curve(*world(seed, law), OWNERS, OWNERS)
        assert found.steepest is not None
        held += all(low <= true * at <= high for at, low, high in zip(found.at, found.low, found.high, strict=True))
        bounded += found.steepest <= true
    assert held >= 88
    assert bounded >= 93


def test_the_curve_of_a_hill_falls_to_both_sides() -> None:
    found = within_curve(*world(1, hill), OWNERS, OWNERS)
    assert found.value[0] < -0.5
    assert found.value[-1] < -0.5
    assert found.value[len(found.value) // 2] == pytest.approx(0, abs=1e-9)


def test_lengths_that_do_not_vary_give_no_curve() -> None:
    outcome, _ = world(1, flat)
    found = within_curve(outcome, np.ones(len(outcome)), OWNERS, OWNERS)
    assert (found.at, found.p, found.steepest) == ((), 1.0, None)
    assert found.reason
    assert within_curve(outcome[:0], outcome[:0], OWNERS[:0], OWNERS[:0]).reason


def natural(x: Array, knots: Array) -> Array:
    """A natural cubic spline by its values at all knots but the first, straight beyond the ends."""
    through = CubicSpline(knots, np.eye(len(knots)), bc_type="natural")
    ends = np.clip(x, knots[0], knots[-1])
    return np.asarray(through(ends) + through(ends, 1) * (x - ends)[:, None])[:, 1:]


@pytest.mark.parametrize("scale", [1.0, 0.2], ids=["longer than one unit", "shorter than one unit"])
def test_the_curve_is_what_a_natural_spline_of_another_make_gives(scale: float) -> None:
    outcome, x = world(3, hill)
    x *= scale
    found = within_curve(outcome, x, OWNERS, OWNERS)
    inside = x - (np.bincount(OWNERS, x) / SAMPLES)[OWNERS]
    knots = np.quantile(inside, (0.05, 0.35, 0.65, 0.95))
    fit = conditional(outcome, natural(inside, knots), OWNERS, OWNERS)
    assert (found.n, found.problems, found.reason) == (fit.n, fit.problems, "")

    at = np.asarray(found.at)
    reach = np.abs(np.quantile(inside, (0.025, 0.975))).min()
    assert at == pytest.approx(np.linspace(-reach, reach, 17))
    here = natural(at, knots) - natural(np.zeros(1), knots)
    assert found.value == pytest.approx(here @ fit.coefficients, abs=1e-6)

    def deviations(contrasts: Array) -> Array:
        return np.asarray(np.sqrt(np.diag(contrasts @ fit.covariance @ contrasts.T)))

    width = np.asarray(found.high) - found.value
    multiplier = width[0] / deviations(here)[0]
    assert width == pytest.approx(multiplier * deviations(here), abs=1e-6)
    assert np.asarray(found.value) - found.low == pytest.approx(width)
    freedom = fit.problems - 1
    assert t.ppf(0.975, freedom) < multiplier < np.sqrt(3 * f.ppf(0.95, 3, freedom))  # one place, and every contrast

    unit = min(1.0, 2 * reach)
    starts = np.linspace(-reach, reach - unit, 5)
    steps = (natural(starts + unit, knots) - natural(starts, knots)) / unit
    assert found.steepest == pytest.approx((steps @ fit.coefficients - multiplier * deviations(steps)).min(), abs=1e-6)


def test_an_item_with_one_reply_changes_no_curve() -> None:
    """It has nothing to be compared with."""
    outcome, x = world(3, line)
    alone = np.append(OWNERS, [ITEMS, ITEMS + 1])
    with_them = within_curve(np.append(outcome, [1, 0]), np.append(x, [30, -30]), alone, alone)
    without = within_curve(outcome, x, OWNERS, OWNERS)
    assert with_them.value == pytest.approx(without.value, abs=1e-9)
    assert with_them.p == pytest.approx(without.p, abs=1e-9)


def test_the_curve_does_not_depend_on_the_unit_or_the_zero_of_the_number() -> None:
    outcome, x = world(3, hill)
    found, other = within_curve(outcome, x, OWNERS, OWNERS), within_curve(outcome, 5 - 4 * x, OWNERS, OWNERS)
    assert other.value == pytest.approx(found.value[::-1], abs=1e-6)
    assert other.p == pytest.approx(found.p, rel=1e-6)


def level_curve(*values: float) -> Curve:
    return Curve(values, values, tuple(value - 1 for value in values), tuple(value + 2 for value in values), 1, 0, 9, 9)


@given(level=st.floats(0.01, 0.99), value=st.floats(-20, 20))
def test_a_share_is_moved_by_the_log_odds_of_the_curve(level: float, value: float) -> None:
    ((share, low, high),) = level_curve(value).shares(level)
    moved = [logit(one) - logit(level) for one in (share, low, high)]
    assert moved == pytest.approx([value, value - 1, value + 2], abs=1e-4)


@given(level=st.floats(0, 1), value=st.floats(-1e300, 1e300))
def test_no_curve_moves_a_share_out_of_its_range_or_what_always_or_never_is(level: float, value: float) -> None:
    for shares in level_curve(value).shares(level):
        assert all(share == level if level in (0, 1) else 0 <= share <= 1 for share in shares)
