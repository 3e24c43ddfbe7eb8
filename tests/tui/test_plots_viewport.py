"""Zooming and moving along a plot's x axis."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tp1tui.tui.plots.sight import Range
from tp1tui.tui.plots.viewport import held, panned, showing, zoomed

WHOLE: Range = (0.0, 100.0)
places = st.floats(0, 100)
times = st.floats(1.1, 50)


@st.composite
def windows(draw: st.DrawFn) -> Range:
    low = draw(st.floats(0, 90))
    return low, draw(st.floats(low + 5, 100))


def test_zooming_in_halves_what_is_in_sight_and_keeps_a_place_where_it_is() -> None:
    assert zoomed(WHOLE, WHOLE, 2, 50, 1) == (25, 75)
    assert zoomed(WHOLE, WHOLE, 2, 0, 1) == (0, 50)
    assert zoomed((20, 60), WHOLE, 4, 30, 1) == (27.5, 37.5)


@given(windows(), times, places)
def test_zooming_in_and_out_again_leads_back(window: Range, factor: float, around: float) -> None:
    assume(window != WHOLE)
    closer = zoomed(window, WHOLE, factor, around, 1e-6)
    assert closer is not None
    place = min(max(around, window[0]), window[1])
    assert zoomed(closer, WHOLE, 1 / factor, place, 1e-6) == (pytest.approx(window[0]), pytest.approx(window[1]))


@given(windows(), st.floats(0.02, 50), places, st.floats(0.1, 20))
def test_a_zoom_stays_within_the_whole_and_is_never_too_short(
    window: Range, factor: float, around: float, least: float
) -> None:
    found = zoomed(window, WHOLE, factor, around, least)
    low, high = found or WHOLE
    assert WHOLE[0] <= low < high <= WHOLE[1] + 1e-9
    assert high - low >= min(least, window[1] - window[0]) - 1e-9


@given(windows(), times, places)
def test_the_place_that_is_zoomed_at_stays_in_the_same_column(window: Range, factor: float, around: float) -> None:
    place = min(max(around, window[0]), window[1])
    found = zoomed(window, WHOLE, factor, place, 1e-6)
    assert found is not None
    before = (place - window[0]) / (window[1] - window[0])
    assert (place - found[0]) / (found[1] - found[0]) == pytest.approx(before, abs=1e-6)


def test_zooming_out_far_enough_is_the_whole_plot() -> None:
    assert zoomed((25, 75), WHOLE, 0.5, 50, 1) is None
    assert zoomed((0, 99), WHOLE, 0.1, 3, 1) is None
    assert zoomed(WHOLE, WHOLE, 0.5, 3, 1) is None


def test_zooming_out_at_an_edge_stays_inside() -> None:
    assert zoomed((90, 100), WHOLE, 0.5, 92, 1) == (80, 100)


@given(windows(), st.floats(-3, 3))
def test_moving_keeps_the_length_and_stays_inside(window: Range, part: float) -> None:
    low, high = panned(window, WHOLE, part)
    assert high - low == pytest.approx(window[1] - window[0])
    assert low >= WHOLE[0]
    assert high <= WHOLE[1] + 1e-9


@given(windows(), places)
def test_a_place_is_brought_into_sight(window: Range, place: float) -> None:
    low, high = showing(window, WHOLE, place)
    assert low - 1e-9 <= place <= high + 1e-9
    assert high - low == pytest.approx(window[1] - window[0])


def test_a_place_in_sight_moves_nothing() -> None:
    assert showing((20, 40), WHOLE, 40) == (20, 40)


def test_a_zoom_stays_while_the_plot_grows_and_ends_where_a_shorter_one_does() -> None:
    assert held((20, 40), (0, 300)) == (20, 40)
    assert held((20, 40), (0, 30)) == (20, 30)
    assert held((20, 40), (0, 15)) is None
    assert held((0, 40), (0, 30)) is None
    assert held(None, WHOLE) is None
