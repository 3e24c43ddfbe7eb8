from __future__ import annotations

import math
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import let_go_of, make_sweep
from tp1tui.journal.spread import deviation, mean
from tp1tui.journal.sweep_record import Point, SweepFollower, points
from tp1tui.journal.sweep_results import best_row, heat, members_table, outcome
from tp1tui.spec.results import Table

TWO = ("optimizer.lr=0.1,0.01,0.001", "batch_size=32,64")


def found(runs_dir: Path, **build: object) -> list[Point]:
    sweep = make_sweep(runs_dir, **build)  # type: ignore[arg-type]
    follower = SweepFollower(sweep)
    follower.poll()
    let_go_of(sweep)
    return points(follower.members)


def column(table: Table, name: str) -> list[object]:
    place = [column.name for column in table.columns].index(name)
    return [row[place] for row in table.rows]


@given(st.lists(st.floats(min_value=-1e6, max_value=1e6), min_size=2, max_size=20))
def test_mean_and_deviation_are_those_of_the_standard_library(values: list[float]) -> None:
    assert mean(values) == pytest.approx(statistics.fmean(values), abs=1e-6)
    assert deviation(values) == pytest.approx(statistics.stdev(values), rel=1e-6, abs=1e-4)


@given(st.lists(st.floats(), max_size=5))
def test_no_values_break_mean_and_deviation(values: list[float]) -> None:
    assert (mean(values) is None) == (not values)
    assert (deviation(values) is None) == (len(values) < 2)


def test_the_outcome_has_a_row_a_point_with_its_figures(tmp_path: Path) -> None:
    swept = found(tmp_path)
    table = outcome(swept)
    first = swept[0].members[0].record
    assert first.best is not None
    assert first.last is not None
    assert column(table, "optimizer.lr") == [0.003, 0.02, 1, 0.05, 0.1]
    assert column(table, "best test top-1")[0] == first.best.test_top1
    assert column(table, "in epoch")[0] == first.best.epoch
    assert column(table, "final test top-1")[0] == first.last.test_top1
    assert column(table, "final train top-1")[0] == first.last.train_top1
    assert column(table, "time")[0] == first.last.elapsed
    assert column(table, "state") == ["finished", "finished", "finished", "running", "queued"]


def test_the_diverged_and_the_waiting_break_nothing(tmp_path: Path) -> None:
    swept = found(tmp_path)
    table = outcome(swept)
    losses = column(table, "final test loss")
    assert isinstance(losses[2], float)
    assert math.isnan(losses[2])
    assert losses[4] is None
    assert best_row(swept) == 0
    assert "optimizer.lr = 0.003" in table.note
    assert Table.model_validate_json(table.model_dump_json()).rows[0] == table.rows[0]


def test_seeds_give_mean_and_deviation(tmp_path: Path) -> None:
    swept = found(tmp_path, vary=("optimizer.lr=0.1,0.2",), seeds=3, states=("finished",))
    table = outcome(swept)
    finals = [member.record.epochs[-1].test_top1 for member in swept[1].members]
    assert column(table, "final test top-1")[1] == pytest.approx(statistics.fmean(finals))
    assert column(table, "± final test top-1")[1] == pytest.approx(statistics.stdev(finals))
    assert column(table, "seeds") == [3, 3]


def test_without_figures_there_is_no_best(tmp_path: Path) -> None:
    swept = found(tmp_path, states=("queued",))
    assert best_row(swept) is None
    assert outcome(swept).note == ""


def test_the_members_table_has_a_row_a_run(tmp_path: Path) -> None:
    swept = found(tmp_path, vary=TWO, seeds=2, states=("finished",))
    table = members_table([member for point in swept for member in point.members])
    assert len(table.rows) == 12
    assert column(table, "seed") == [0, 1] * 6
    assert column(table, "batch_size")[:4] == [32, 32, 64, 64]
    assert set(column(table, "epoch")) == {12}


def test_two_fields_give_a_heat_table_with_holes_where_nothing_is_known(tmp_path: Path) -> None:
    swept = found(tmp_path, vary=TWO, states=("finished", "finished", "diverged", "finished", "queued"))
    grid = heat(swept, "best_test_top1")
    assert grid is not None
    assert (grid.down.name, grid.across.name) == ("optimizer.lr", "batch_size")
    assert (grid.down_labels, grid.across_labels) == (("0.1", "0.01", "0.001"), ("32", "64"))
    best = swept[1].members[0].record.best
    assert best is not None
    assert grid.values[0][1] == best.test_top1
    assert grid.values[2] == (None, None)
    final = heat(swept, "final_test_top1")
    assert final is not None
    assert final.values[0][0] == swept[0].members[0].record.epochs[-1].test_top1


def test_one_field_or_seeds_alone_give_no_heat_table(tmp_path: Path) -> None:
    assert heat(found(tmp_path, number=0), "best_test_top1") is None
    assert heat(found(tmp_path, vary=(), seeds=2, number=1), "best_test_top1") is None
    assert heat([], "best_test_top1") is None
