from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rounding import is_rounded
from tp1tui.spec import numbers


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (math.nan, "–"),
        (0.25, "0.2 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (75, "1 min 15 s"),
        (3600, "1 h 00 min"),
        (8000, "2 h 13 min"),
        (9.96, "10 s"),
        (8035, "2 h 14 min"),
        (86_399, "24 h 00 min"),
    ],
)
def test_durations_are_told_in_two_units(seconds: float | None, said: str) -> None:
    assert numbers.duration(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (None, "–"),
        (0.0, "0.0000"),
        (0.01234, "0.0123"),
        (2.302585, "2.3026"),
        (123.456789, "123.46"),
        (0.000166, "1.66e-04"),
        (1e12, "1.00e+12"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
    ],
)
def test_a_loss_is_told_as_what_it_is(number: float | None, said: str) -> None:
    assert numbers.loss(number) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (None, "–"),
        (0.01, "0.01"),
        (0.0031622776, "0.003162"),
        (1e-05, "1e-05"),
        (0.1 + 0.2, "0.3"),
        (0.0, "0"),
        (-math.inf, "-∞"),
        (math.nan, "NaN"),
    ],
)
def test_a_learning_rate_has_four_digits_at_most(number: float | None, said: str) -> None:
    assert numbers.lr(number) == said


@pytest.mark.parametrize(("number", "said"), [(None, "–"), (math.inf, "–"), (3.25, "3.2"), (12345.6, "12,346")])
def test_rates_have_no_more_digits_than_can_be_read(number: float | None, said: str) -> None:
    assert numbers.rate(number) == said


def test_a_range_of_one_number_is_that_number() -> None:
    assert (numbers.span(71, 73), numbers.span(84.5, 84.5)) == ("71–73 %", "84.5 %")


def test_how_often_is_told_in_words() -> None:
    assert [numbers.times(number) for number in (1, 2, 3)] == ["once", "twice", "3 times"]


@pytest.mark.parametrize(
    ("octets", "said"), [(0, "0 B"), (999, "999 B"), (170_498_071, "170 MB"), (1_500_000_000, "1.5 GB")]
)
def test_sizes_are_told_in_three_digits(octets: int, said: str) -> None:
    assert numbers.size(octets) == said


def test_one_epoch_is_not_several() -> None:
    assert [numbers.epoch_count(number) for number in (0, 1, 2)] == ["0 epochs", "1 epoch", "2 epochs"]


def test_counts_and_percents() -> None:
    assert numbers.count(1_191_170) == "1,191,170"
    assert numbers.short_count(2_457_600) == "2.46 M"
    assert (numbers.percent(71.834), numbers.percent(None), numbers.percent(math.nan)) == ("71.8 %", "–", "–")


@pytest.mark.parametrize(("number", "said"), [(72.35, "72.4 %"), (72.45, "72.4 %"), (99.95, "100.0 %")])
def test_an_accuracy_is_rounded_as_it_is_written_and_not_as_the_float_beside_it(number: float, said: str) -> None:
    """72.35 is 72.349999999999994 as a float; who reads 72.35 in CSV rounds to 72.4."""
    assert numbers.percent(number) == said


@given(st.floats(-1e9, 1e9, allow_subnormal=False))
def test_what_is_shown_is_the_nearest_of_its_digits_to_what_is_journaled(number: float) -> None:
    for shown in (numbers.percent(number), numbers.loss(number), numbers.rate(number)):
        assert is_rounded(shown.removesuffix(" %"), repr(number))
    assert abs(Decimal(numbers.lr(number)) - Decimal(repr(number))) <= abs(Decimal(repr(number))) * Decimal("5e-4")
