from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.journal.test_sweep_results import TWO, found
from tp1tui.journal.spread import deviation
from tp1tui.journal.sweep_series import error_over_field


def test_the_error_stands_over_the_field_in_rising_order(tmp_path: Path) -> None:
    swept = found(tmp_path, states=("finished",))
    series = error_over_field(swept)
    assert series is not None
    train, test = series.lines
    assert (train.name, test.name) == ("train", "test")
    assert test.x == (0.003, 0.02, 0.05, 0.1, 1)
    assert (series.x.name, series.x.scale) == ("optimizer.lr", "log")
    by_rate = {point.values["optimizer.lr"]: point.members[0].record.last for point in swept}
    for place, (rate, error) in enumerate(zip(test.x, test.y, strict=True)):
        last = by_rate[rate]
        assert last is not None
        assert error == pytest.approx(100 - last.test_top1)
        assert train.y[place] == pytest.approx(100 - last.train_top1)
    assert test.spread is None


def test_values_within_a_decade_stand_on_a_linear_axis(tmp_path: Path) -> None:
    series = error_over_field(found(tmp_path, vary=("batch_size=16,32,64",), states=("finished",)))
    assert series is not None
    assert series.x.scale == "linear"


def test_seeds_make_a_mean_and_a_band(tmp_path: Path) -> None:
    swept = found(tmp_path, vary=("batch_size=16,32",), states=("finished",), seeds=3)
    series = error_over_field(swept)
    assert series is not None
    test = series.lines[1]
    errors = [100 - member.record.last.test_top1 for member in swept[0].members if member.record.last]
    assert test.y[0] == pytest.approx(math.fsum(errors) / 3)
    assert test.spread is not None
    assert test.spread[0] == pytest.approx(deviation(errors))


def test_what_waits_still_has_no_place(tmp_path: Path) -> None:
    series = error_over_field(found(tmp_path, states=("finished", "finished", "queued")))
    assert series is not None
    assert series.lines[1].x == (0.003, 0.02)


@pytest.mark.parametrize(
    "build",
    [
        {"vary": TWO},
        {"vary": ("schedule.kind=constant,cosine",)},
        {"vary": ("dropout.enabled=true,false",)},
        {"states": ("queued",)},
        {"states": ("finished", "queued")},
    ],
    ids=["two fields", "words", "switches", "nothing measured", "one point"],
)
def test_without_numbers_there_is_nothing_to_draw(tmp_path: Path, build: dict[str, object]) -> None:
    assert error_over_field(found(tmp_path, **build)) is None
