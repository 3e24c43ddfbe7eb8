from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp1tui.tui.plots.envelope import MOST_BINS, Envelope

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300)


def filled(numbers: list[float], first_x: int = 0) -> Envelope:
    envelope = Envelope(first_x)
    envelope.extend(numbers)
    return envelope


def test_a_short_series_is_kept_exactly() -> None:
    assert filled([3.0, 1.0, 2.0], first_x=1).extremes(100) == [[(1, 3.0), (2, 1.0), (3, 2.0)]]


@pytest.mark.parametrize("length", [MOST_BINS, 10 * MOST_BINS + 7])
def test_the_number_of_bins_is_bounded_and_a_spike_stays_visible(length: int) -> None:
    numbers = [1.0] * length
    numbers[length // 3] = 50.0
    envelope = filled(numbers)
    points = [point for stretch in envelope.extremes(10 * length) for point in stretch]
    assert len(points) <= 2 * MOST_BINS
    [x] = [x for x, y in points if y == 50.0]
    assert abs(x - length // 3) <= envelope.width


def test_few_columns_keep_the_spike_too() -> None:
    numbers = [0.0] * 1000
    numbers[777] = -9.0
    points = [point for stretch in filled(numbers).extremes(20) for point in stretch]
    assert len(points) <= 40
    assert min(y for _, y in points) == -9.0


@given(values, st.integers(1, 50))
def test_appending_in_parts_gives_what_appending_at_once_gives(numbers: list[float], size: int) -> None:
    parts = Envelope()
    for place in range(0, len(numbers), size):
        parts.extend(numbers[place : place + size])
    assert parts.extremes(37) == filled(numbers).extremes(37)


@given(values, st.integers(1, 40))
def test_no_thinning_loses_the_lowest_or_the_highest_value(numbers: list[float], most: int) -> None:
    ys = [y for stretch in filled(numbers).extremes(most) for _, y in stretch]
    assert (min(ys), max(ys)) == (min(numbers), max(numbers))


@given(values, st.integers(1, 40))
def test_places_rise_and_stay_within_the_series(numbers: list[float], most: int) -> None:
    xs = [x for stretch in filled(numbers, first_x=1).extremes(most) for x, _ in stretch]
    assert all(before <= after for before, after in pairwise(xs))
    assert xs[0] >= 1
    assert xs[-1] <= len(numbers)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=200), st.integers(1, 30))
def test_what_is_not_finite_never_reaches_a_plot(numbers: list[float], most: int) -> None:
    envelope = filled(numbers, first_x=1)
    drawn = [point for stretch in envelope.extremes(most) for point in stretch]
    assert all(math.isfinite(y) for _, y in drawn)


def test_a_gap_is_not_bridged() -> None:
    assert filled([1.0, math.nan, math.inf, 2.0]).extremes(10) == [[(0, 1.0)], [(3, 2.0)]]


def test_nothing_but_nan_has_no_range_and_no_line() -> None:
    envelope = filled([math.nan] * 5)
    assert envelope.extremes(10) == []
    assert envelope.means(10, 3) == []


def test_the_mean_of_a_straight_line_is_that_line() -> None:
    [stretch] = filled([float(place) for place in range(500)]).means(500, 50)
    assert stretch == [(place, pytest.approx(place)) for place in range(500)]


def test_smoothing_evens_out_alternating_values() -> None:
    [stretch] = filled([0.0, 2.0] * 200).means(400, 20)
    assert all(abs(y - 1.0) < 0.1 for _, y in stretch[20:-20])
