"""Laws of the curve: a band that holds the whole of it, a test that sees a rise and fall, and a loss it excludes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mathif.stats import Array, within_curve

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
