from __future__ import annotations

import math
from pathlib import Path

import pytest

from tp1tui.tui import text


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
    ],
)
def test_durations_are_told_in_two_units(seconds: float | None, said: str) -> None:
    assert text.duration(seconds) == said


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
    assert text.loss(number) == said


@pytest.mark.parametrize(("number", "said"), [(None, "–"), (math.inf, "–"), (3.25, "3.2"), (12345.6, "12,346")])
def test_rates_have_no_more_digits_than_can_be_read(number: float | None, said: str) -> None:
    assert text.rate(number) == said


def test_a_range_of_one_number_is_that_number() -> None:
    assert (text.span(71, 73), text.span(84.5, 84.5)) == ("71–73 %", "84.5 %")


def test_how_often_is_told_in_words() -> None:
    assert [text.times(number) for number in (1, 2, 3)] == ["once", "twice", "3 times"]


@pytest.mark.parametrize(
    ("octets", "said"), [(0, "0 B"), (999, "999 B"), (170_498_071, "170 MB"), (1_500_000_000, "1.5 GB")]
)
def test_sizes_are_told_in_three_digits(octets: int, said: str) -> None:
    assert text.size(octets) == said


def test_counts_and_percents() -> None:
    assert text.count(1_191_170) == "1,191,170"
    assert text.short_count(2_457_600) == "2.46 M"
    assert (text.percent(71.834), text.percent(None), text.percent(math.nan)) == ("71.8 %", "–", "–")


def test_few_files_are_named_and_many_are_counted() -> None:
    files = [Path("/runs/one") / name for name in ("epochs.csv", "batches.csv", "layers.csv", "classes.csv")]
    assert text.where_files_are(files[:1]) == "epochs.csv is in /runs/one"
    assert text.where_files_are(files[:2]) == "epochs.csv and batches.csv are in /runs/one"
    assert text.where_files_are(files[:3]) == "epochs.csv, batches.csv and layers.csv are in /runs/one"
    assert text.where_files_are(files) == "epochs.csv and 3 more are in /runs/one"
