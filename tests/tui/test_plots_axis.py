from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp1tui.tui.plots.axis import linear_ticks, log_ticks, next_round, number, whole_ticks

spans = st.tuples(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9)).map(lambda span: (span[0], span[0] + span[1]))


@given(spans, st.integers(1, 20))
def test_ticks_lie_within_the_range_and_are_not_too_many(span: tuple[float, float], most: int) -> None:
    low, high = span
    ticks = linear_ticks(low, high, most)
    slack = (high - low) * 1e-6 + max(abs(low), abs(high)) * 1e-12
    assert len(ticks) <= most
    assert all(low - slack <= tick.at <= high + slack for tick in ticks)


@given(st.integers(-6, 8), st.integers(3, 12))
def test_labels_of_ticks_differ(power: int, most: int) -> None:
    labels = [tick.label for tick in linear_ticks(0, 10.0**power, most)]
    assert len(labels) >= 2
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 2.5, ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (0, 100, ["0", "20", "40", "60", "80", "100"]),
        (-1, 1, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        (70.2, 72.1, ["70.5", "71.0", "71.5", "72.0"]),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, labels: list[str]) -> None:
    assert [tick.label for tick in linear_ticks(low, high, 6)] == labels


def test_epochs_and_steps_get_whole_numbers_only() -> None:
    assert [tick.label for tick in whole_ticks(0, 3, 9)] == ["0", "1", "2", "3"]
    assert [tick.label for tick in whole_ticks(1, 11_700, 4)] == ["5,000", "10,000"]


def test_a_log_axis_has_powers_of_ten_and_what_fits_between_them() -> None:
    assert [tick.label for tick in log_ticks(0.03, 2.5, 5)] == ["0.03", "0.1", "0.3", "1"]
    assert [tick.label for tick in log_ticks(1e-8, 1e8, 5)] == ["1e-8", "1e-4", "1", "10,000", "1e8"]


def test_a_log_axis_within_one_decade_still_has_ticks() -> None:
    assert len(log_ticks(0.61, 0.79, 4)) >= 2


@given(st.floats(1e-12, 1e12), st.floats(1.01, 1e12), st.integers(2, 12))
def test_log_ticks_lie_within_the_range_and_are_not_too_many(low: float, factor: float, most: int) -> None:
    ticks = log_ticks(low, low * factor, most)
    assert len(ticks) <= most
    assert all(low * 0.999 <= tick.at <= low * factor * 1.001 for tick in ticks)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (1.0, 1.0), (float("nan"), 1.0), (1.0, float("inf"))])
def test_impossible_log_ranges_have_no_ticks(low: float, high: float) -> None:
    assert log_ticks(low, high, 5) == []


@pytest.mark.parametrize(("value", "end"), [(0, 5), (5, 5), (6, 10), (31, 50), (51, 100), (391, 500), (1173, 1500)])
def test_an_axis_ends_at_the_next_round_number(value: float, end: int) -> None:
    assert next_round(value) == end


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (0.5, "0.5"), (1500, "1,500"), (2.5e7, "2.5e7"), (1e-5, "1e-5"), (0.001, "0.001")]
)
def test_a_label_is_short_and_exact(value: float, text: str) -> None:
    assert number(value) == text
