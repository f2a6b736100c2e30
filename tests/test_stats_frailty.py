"""Laws of frailty: the change of a hazard along a text is found though strata differ, and its interval covers it."""

from __future__ import annotations

import numpy as np
import pytest

from mathif.stats import break_rate, matched_difference, place_trend
from mathif.stats.intervals import Array


def world(seed: int, power: float, spread: float) -> tuple[Array, Array, Array]:
    """Return places, breaks and items of four texts to each of 100 items that break with a power of the place."""
    rng = np.random.default_rng(seed)
    item = np.repeat(np.arange(100), 4)
    easily = np.exp(rng.normal(0, spread, 100))[item]
    place = (rng.exponential(size=400) / easily) ** (1 / power)
    end = 0.7 * 2 ** rng.normal(0, 0.7, 400)
    return 1 + 1000 * np.minimum(place, end), (place < end).astype(float), item


@pytest.mark.parametrize("power", [0.6, 1.0, 2.0])
@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_the_change_of_the_hazard_is_covered_though_items_differ(power: float, spread: float) -> None:
    worlds = [world(seed, power, spread) for seed in range(20)]
    found = [place_trend(*one, one[2]).ratio for one in worlds]
    covered = sum(
        one.low is not None and one.high is not None and one.low <= 2 ** (power - 1) <= one.high for one in found
    )
    assert covered >= 16
    assert np.mean([np.log2(one.value or 1) for one in found]) == pytest.approx(power - 1, abs=0.1)


def test_the_unit_and_the_order_of_the_texts_do_not_matter() -> None:
    place, broken, item = world(1, 1.0, 1.0)
    found, order = place_trend(place, broken, item, item).ratio, np.random.default_rng(2).permutation(400)
    other = place_trend(7 * place[order], broken[order], item[order], item[order]).ratio
    assert (other.value, other.low) == pytest.approx((found.value, found.low), rel=1e-4)


def test_too_few_breaks_are_said_to_be_that() -> None:
    place, broken, item = world(1, 1.0, 1.0)
    found = place_trend(place, np.where(item < 3, broken, 0.0), item, item).ratio
    assert found.value is None
    assert "5 are needed" in found.reason


def test_a_rate_is_breaks_by_exposure_and_has_an_upper_end_where_nothing_breaks() -> None:
    exposure, problems = np.array([200.0, 300.0, 500.0]), np.arange(3)
    assert break_rate(np.array([1.0, 0.0, 1.0]), exposure, problems, 1000).value == 2
    none = break_rate(np.zeros(3), exposure, problems, 1000)
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(3.689, abs=1e-3)
    assert break_rate(np.zeros(0), np.zeros(0), np.zeros(0), 1000).value is None


def test_texts_are_matched_by_their_length() -> None:
    """By hand: long texts obey in 1 of 4, short ones always, on both sides; one side has more long ones."""
    short, long = (np.full(count, 40.0) for count in (4, 8)), (np.full(count, 900.0) for count in (12, 4))
    sizes = [np.concatenate(pair) for pair in zip(short, long, strict=True)]
    outcomes = [np.where(side < 100, 1.0, (np.arange(len(side)) % 4 == 0).astype(float)) for side in sizes]
    assert outcomes[0].mean() < outcomes[1].mean()
    found = matched_difference(outcomes[0], sizes[0], outcomes[1], sizes[1], np.arange(16), np.arange(12))
    assert found.value == pytest.approx(0)
    apart = matched_difference(outcomes[0][:4], sizes[0][:4], outcomes[1][8:], sizes[1][8:], np.arange(4), np.arange(4))
    assert apart.value is None


def test_replies_that_all_break_at_one_place_have_no_ratio() -> None:
    items = np.arange(60)
    found = place_trend(np.full(60, 40.0), np.ones(60), items, items).ratio
    assert found.value is None
    assert "about the same place" in found.reason


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.filterwarnings("error")
def test_no_texts_however_close_their_breaks_are_a_failure(seed: int) -> None:
    rng = np.random.default_rng(seed)
    items = np.repeat(np.arange(6), 2)
    places = np.where(items < 5, rng.integers(2000, 2004, 12), rng.integers(20, 60, 12)).astype(float)
    found = place_trend(places, (items < 5).astype(float), items, items).ratio
    assert found.value is None or 0 < found.value < 1e6


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("step", [100, 200, 500])
def test_places_that_differ_by_rounding_alone_are_one_place(step: int) -> None:
    place, broken, item = world(1, 1.0, 1.0)
    coarse = np.ceil(place / step) * step
    noisy = coarse * (1 + 1e-15 * np.random.default_rng(1).integers(0, 3, len(place)))
    found, other = (place_trend(places, broken, item, item).ratio for places in (coarse, noisy))
    assert other.value == pytest.approx(found.value, rel=1e-6)


def early(seed: int, samples: int) -> tuple[Array, Array, Array]:
    """Return the texts of 80 items that are broken in their first 30 places with one chance each, or never."""
    rng = np.random.default_rng(seed)
    item = np.repeat(np.arange(80), samples)
    place, end = rng.exponential(60, len(item)), 100 * 2 ** rng.normal(0, 0.6, len(item))
    broken = place < np.minimum(30, end)
    return np.where(broken, 1 + place, end), broken.astype(float), item


@pytest.mark.parametrize("samples", [1, 2, 4])
@pytest.mark.parametrize("seed", range(3))
def test_a_hazard_that_ends_early_is_not_taken_for_items_that_differ(seed: int, samples: int) -> None:
    found = place_trend(*early(seed, samples), early(seed, samples)[2])
    assert found.ratio.sign(1) == -1
    assert found.even < 0.01


def test_a_hazard_that_is_the_same_everywhere_is_seldom_found_uneven() -> None:
    worlds = [world(seed, 1.0, 0.5) for seed in range(20)]
    assert sum(place_trend(*one, one[2]).even < 0.05 for one in worlds) <= 3


def test_one_text_for_each_item_leaves_open_how_far_items_differ() -> None:
    place, broken, item = world(1, 1.0, 1.0)
    own = np.arange(len(item))
    alone, shared = (place_trend(place, broken, one, own).ratio for one in (own, item))
    assert alone.low is not None
    assert alone.high is not None
    assert shared.low is not None
    assert shared.high is not None
    assert alone.low < 1 < alone.high
    assert alone.high / alone.low > shared.high / shared.low


def by_sentence(seed: int) -> tuple[Array, Array, Array]:
    """Return four texts to each of 60 items, of about three sentences whose last words break with one chance each."""
    rng = np.random.default_rng(seed)
    item, rows = np.repeat(np.arange(60), 4), []
    for easily in np.exp(rng.normal(0, 0.5, 60))[item]:
        ends = np.cumsum(rng.integers(6, 11, max(2, round(3 * 2 ** rng.normal(0, 0.6)))))
        hits = np.flatnonzero(rng.random(len(ends)) < 0.2 * easily)
        rows.append((float(ends[hits[0]] - 2 if len(hits) else ends[-1]), float(len(hits) > 0)))
    place, broken = np.array(rows).T
    return place, broken, item


def test_chances_in_the_last_words_of_sentences_are_not_taken_for_a_hazard_that_rises() -> None:
    """Before the first of them no text can break; fitted from 0 on alone, three of these ten would rise."""
    worlds = [by_sentence(seed) for seed in range(10)]
    found = [place_trend(*one, one[2]).ratio for one in worlds]
    assert not any(one.sign(1) for one in found)
    assert np.mean([np.log2(one.value or 9) for one in found]) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("everywhere", [True, False])
def test_breaks_up_to_the_start_are_left_out_whether_chances_stand_everywhere_or_once_a_sentence(
    everywhere: bool,
) -> None:
    found = []
    for seed in range(10):
        place, broken, item = world(seed, 1.0, 0.0)
        place = place if everywhere else np.where(broken == 1, 100 * (place // 100) + 20 * (place % 100) / 100, place)
        trend = place_trend(place, broken, item, item, 40.0)
        assert trend.ratio.n == len(place) - ((broken == 1) & (place <= 40)).sum()
        found.append(trend.ratio)
    assert sum(one.sign(1) != 0 for one in found) <= 2
