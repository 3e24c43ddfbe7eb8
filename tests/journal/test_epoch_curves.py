"""How a figure went from epoch to epoch."""

from __future__ import annotations

import math
import statistics
from pathlib import Path

import pytest

from tests.builders import make_run
from tests.journal.test_sweep_results import found
from tp1tui.journal.epoch_curves import best_of, curve
from tp1tui.journal.events import Epoch
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.spec.results import Line


def record_of(runs_dir: Path) -> RunRecord:
    follower = Follower(make_run(runs_dir))
    follower.poll()
    return follower.record


def test_a_curve_is_the_mean_over_seeds_with_its_deviation(tmp_path: Path) -> None:
    (point,) = found(tmp_path, vary=(), seeds=3, states=("finished",))
    line = curve(point.name, point.records, "test_loss", "epoch")
    at_five = [member.record.epochs[5].test_loss for member in point.members]
    assert line.x == tuple(range(13))
    assert line.y[5] == pytest.approx(statistics.fmean(at_five))
    assert line.spread is not None
    assert line.spread[5] == pytest.approx(statistics.stdev(at_five))
    steps = point.members[0].spec.experiment.steps_per_epoch
    assert curve(point.name, point.records, "test_loss", "step").x == tuple(steps * epoch for epoch in range(13))


def test_over_seconds_a_curve_goes_to_the_right_where_one_seed_has_come_further(tmp_path: Path) -> None:
    (point,) = found(tmp_path, vary=(), seeds=3, states=("finished", "running", "queued"))
    slow, fast = point.members[1].record, point.members[0].record
    for number, epoch in enumerate(slow.epochs):
        slow.epochs[number] = epoch.model_copy(update={"elapsed": epoch.elapsed * 10})
    line = curve(point.name, point.records, "test_top1", "second")
    assert list(line.x) == sorted(line.x)
    both = [slow.epochs[1].elapsed - slow.epochs[0].elapsed, fast.epochs[1].elapsed - fast.epochs[0].elapsed]
    assert line.x[1] - line.x[0] == pytest.approx(statistics.fmean(both))
    assert len(line.x) == 13
    assert line.spread is not None
    assert line.spread[-1] == 0


def test_a_single_run_has_a_curve_without_spread_even_when_it_diverges(tmp_path: Path) -> None:
    swept = found(tmp_path)
    line = curve(swept[2].name, swept[2].records, "test_loss", "second")
    assert line.spread is None
    assert math.isnan(line.y[-1])
    assert curve(swept[4].name, swept[4].records, "test_loss", "epoch").x == ()


def test_of_one_run_every_figure_is_the_journal_s_to_the_last_digit(tmp_path: Path) -> None:
    record = record_of(tmp_path)
    for figure in ("train_loss", "test_top1", "test_top5", "lr", "images_per_s"):
        line = curve("one", [record], figure, "second")  # type: ignore[arg-type]
        assert line.y == tuple(getattr(epoch, figure) for epoch in record.epochs)
        assert line.x == tuple(epoch.elapsed for epoch in record.epochs)


def test_wall_time_counts_from_the_beginning_and_includes_what_the_run_stood_still(tmp_path: Path) -> None:
    record = record_of(tmp_path)
    assert record.started is not None
    late: list[Epoch] = [epoch.model_copy(update={"time": epoch.time + 3600}) for epoch in record.epochs[6:]]
    record.epochs[6:] = late
    line = curve("one", [record], "test_loss", "wall")
    assert line.x == tuple(epoch.time - record.started.time for epoch in record.epochs)
    assert line.x[6] - line.x[5] > 3600


def test_what_was_not_measured_gives_no_point(tmp_path: Path) -> None:
    assert curve("one", [record_of(tmp_path)], "validation_top1", "epoch").x == ()


def test_the_best_is_the_first_of_equals_and_never_no_number() -> None:
    line = Line(name="one", x=(0.0, 1.0, 2.0, 3.0), y=(math.nan, 2.0, 1.0, 2.0))
    assert best_of(line, highest=True) == (1.0, 2.0)
    assert best_of(line, highest=False) == (2.0, 1.0)
    assert best_of(Line(name="one", x=(0.0,), y=(math.nan,)), highest=True) is None
