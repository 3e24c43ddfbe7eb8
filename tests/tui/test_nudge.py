"""The next value up or down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp1tui.tui.bench.nudge import nudged


@pytest.mark.parametrize(
    ("text", "up", "down"),
    [
        ("32", "33", "31"),
        ("0.01", "0.02", "0.005"),
        ("0.02", "0.05", "0.01"),
        ("0.05", "0.1", "0.02"),
        ("0.03", "0.05", "0.02"),
        ("1e-8", "2e-08", "5e-09"),
    ],
)
def test_whole_numbers_by_one_and_others_by_round_ones(text: str, up: str, down: str) -> None:
    assert (nudged(text, 1), nudged(text, -1)) == (up, down)


@pytest.mark.parametrize("text", ["", "sgd", "[1, 2]", "0.0", "-0.5", "nan", "inf", "true"])
def test_what_has_no_next_value(text: str) -> None:
    assert nudged(text, 1) is None


@given(st.floats(1e-12, 1e12))
def test_up_is_more_and_down_is_less(value: float) -> None:
    text = f"{value:.9e}"
    up, down = nudged(text, 1), nudged(text, -1)
    assert up is not None
    assert down is not None
    assert float(down) < float(text) < float(up)
