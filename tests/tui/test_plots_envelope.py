from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp1tui.tui.plots.envelope import JOINED, PLACES_A_WINDOW, Envelope

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300)


def filled(numbers: list[float], first_x: int = 0) -> Envelope:
    envelope = Envelope(first_x)
    envelope.extend(numbers)
    return envelope


def test_a_short_series_is_kept_exactly() -> None:
    assert filled([3.0, 1.0, 2.0], first_x=1).extremes(100) == [[(1, 3.0), (2, 1.0), (3, 2.0)]]


@pytest.mark.parametrize("length", [1024, 10 * 1024 + 7])
@pytest.mark.parametrize("most", [100, 1000])
def test_a_spike_stays_visible_among_few_points(length: int, most: int) -> None:
    numbers = [1.0] * length
    numbers[length // 3] = 50.0
    points = [point for stretch in filled(numbers).extremes(most) for point in stretch]
    assert len(points) <= 2 * most
    [x] = [x for x, y in points if y == 50.0]
    assert abs(x - length // 3) <= length / most


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
    assert stretch[6:-6] == [(place, pytest.approx(place)) for place in range(6, 494)]


def test_at_its_ends_a_smoothed_curve_is_still_a_mean() -> None:
    [stretch] = filled([float(place % 2) for place in range(500)]).means(500, 80)
    assert all(abs(y - 0.5) < 0.05 for _, y in stretch)


def test_smoothing_evens_out_alternating_values() -> None:
    [stretch] = filled([0.0, 2.0] * 200).means(400, 20)
    assert all(abs(y - 1.0) < 0.1 for _, y in stretch[20:-20])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=3000), st.integers(1, 60), st.data())
@settings(deadline=None)
def test_no_zoom_loses_the_lowest_or_the_highest_value_in_sight(numbers: list[float], most: int, data: Any) -> None:
    first = data.draw(st.integers(0, len(numbers) - 1))
    last = data.draw(st.integers(first, len(numbers) - 1))
    ys = [y for stretch in filled(numbers).extremes(most, (first, last)) for _, y in stretch]
    seen = numbers[first : last + 1]
    assert min(ys) <= min(seen)
    assert max(ys) >= max(seen)
    assert set(ys) <= set(numbers)


@pytest.mark.parametrize("length", [1000, 100_000])
def test_a_zoom_shows_every_value_where_there_is_room_and_one_more_on_either_side(length: int) -> None:
    numbers = [float(place % 7) for place in range(length)]
    [stretch] = filled(numbers, first_x=1).extremes(100, (501, 540))
    assert stretch == [(x, numbers[x - 1]) for x in range(500, 542)]


def test_one_place_is_looked_at_with_its_neighbours() -> None:
    envelope = filled([5.0, 6.0, 7.0, 8.0], first_x=1)
    assert envelope.extremes(9, (2, 2)) == [[(1, 5.0), (2, 6.0), (3, 7.0)]]
    assert envelope.extremes(9, (2.4, 2.6)) == [[(2, 6.0), (3, 7.0)]]


@pytest.mark.parametrize("within", [(-9.0, -8.0), (700.0, 900.0)])
def test_what_lies_beside_the_series_is_no_error(within: tuple[float, float]) -> None:
    assert len([point for stretch in filled([1.0] * 20).extremes(9, within) for point in stretch]) <= 1


@given(st.lists(st.one_of(st.floats(-1e3, 1e3), st.just(math.nan)), min_size=1, max_size=700), st.integers(1, 90))
def test_a_mean_looked_at_closely_is_the_mean_of_its_window(numbers: list[float], window: int) -> None:
    middle = len(numbers) // 2
    near = max(min(window // 2, middle, len(numbers) - 1 - middle), window // PLACES_A_WINDOW)
    around = [y for y in numbers[max(0, middle - near) : middle + near + 1] if math.isfinite(y)]
    found = {x: y for s in filled(numbers).means(10**9, window, (middle, middle)) for x, y in s}
    if math.isnan(numbers[middle]):
        assert middle not in found
    else:
        assert found[middle] == pytest.approx(sum(around) / len(around), abs=1e-6)


def test_a_smoothed_curve_is_the_same_at_every_zoom() -> None:
    envelope = filled([math.sin(place / 500) + place % 2 for place in range(20 * JOINED**3)])
    [whole], [part] = envelope.means(400, 2000), envelope.means(400, 2000, (20_000, 24_000))
    for x, y in part:
        before, after = max(p for p in whole if p[0] <= x), min(p for p in whole if p[0] >= x)
        assert min(before[1], after[1]) - 0.02 <= y <= max(before[1], after[1]) + 0.02


def test_a_huge_value_spoils_no_mean_but_those_around_it() -> None:
    numbers = [1.0] * 50_000
    numbers[100] = 1e30
    [stretch] = filled(numbers).means(400, 1000)
    assert [y for x, y in stretch if x > 2000] == [pytest.approx(1.0)] * sum(x > 2000 for x, _ in stretch)
