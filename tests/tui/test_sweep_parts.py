"""What the sweep screen says and how it is laid out, without a screen."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import let_go_of, make_sweep
from tests.tui.runs import words
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.state import RunState
from tp1tui.spec.results import Line
from tp1tui.tui.changes import point_in_words
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.plots.chart import Role
from tp1tui.tui.plots.series import shade, stretches
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.sweep import steer
from tp1tui.tui.sweep.arrangement import arrangement
from tp1tui.tui.sweep.curves import NAMED, plot
from tp1tui.tui.sweep.head import head_lines, seconds_left
from tp1tui.tui.sweep.names import LONGEST, point_words, short_name, varied
from tp1tui.tui.sweep.rows import point_rows, row_lines
from tp1tui.tui.sweep.watch import SweepWatch

RUN = RunFolder(Path("/runs/one"))


def watch(runs_dir: Path, **build: Any) -> SweepWatch:
    sweep = make_sweep(runs_dir, **build)
    watched = SweepWatch(sweep)
    let_go_of(sweep)
    return watched


def test_points_are_named_as_the_bench_names_fields() -> None:
    assert point_in_words("optimizer.lr = 0.03, batch_size = 64") == "learning rate 0.03, batch size 64"
    assert point_in_words("optimizer.betas = [0.9, 0.999], dropout.enabled = true") == (
        "optimizer.betas [0.9, 0.999], dropout on"
    )
    assert point_in_words("narrow, deep") == "narrow, deep"


def test_what_varies_is_told_in_words(tmp_path: Path) -> None:
    watched = watch(tmp_path, vary=("optimizer.lr=0.01,0.1", "batch_size=16,32"), seeds=2, states=["finished"])
    assert varied(watched.spec) == "learning rate 0.01, 0.1; batch size 16, 32; 2 seeds"
    assert [short_name(point) for point in watched.points] == ["0.01, 16", "0.01, 32", "0.1, 16", "0.1, 32"]
    assert point_words(watched.points[0]) == "learning rate 0.01, batch size 16"


def test_a_short_name_is_short(tmp_path: Path) -> None:
    watched = watch(tmp_path, vary=("schedule={kind='exponential',gamma=0.9},{kind='cosine'}",), states=["queued"])
    assert all(len(short_name(point)) <= LONGEST for point in watched.points)


@given(st.integers(40, 240), st.integers(10, 80), st.sampled_from((None, "loss", "accuracy", "table", "heat")))
def test_every_size_shows_something_and_leads_to_everything(width: int, height: int, chosen: Any) -> None:
    laid_out = arrangement(width, height, chosen, has_heat=True)
    reached = {
        pane
        for front in (None, "loss", "accuracy", "table", "heat")
        for pane in arrangement(width, height, front, has_heat=True).panes  # type: ignore[arg-type]
    }
    assert reached == {"loss", "accuracy", "table", "heat"}
    assert laid_out.panes
    assert chosen in (None, *laid_out.panes) or chosen == "table"
    assert "heat" not in arrangement(width, height, None, has_heat=False).panes


def test_the_head_has_always_four_lines_that_fit(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    for width in range(20, 160, 7):
        lines = words(head_lines(watched, width))
        assert len(lines) == 4
        assert max(map(len, lines)) <= width


def test_time_is_left_only_while_something_runs(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path)
    watched = SweepWatch(sweep)
    left = seconds_left(watched)
    assert left is not None
    whole = 12 * (1297 / 2000 + 2)  # an epoch of a made run: images over images a second, and 2 s
    assert whole < left < 2.2 * whole  # half of the fourth, all of the fifth
    let_go_of(sweep)
    watched.poll()
    assert seconds_left(watched) is None


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_the_table_keeps_name_best_and_marks_at_any_width(tmp_path: Path, width: int) -> None:
    sweep = make_sweep(tmp_path)
    lines = row_lines(point_rows(SweepWatch(sweep), frozenset()), width)
    let_go_of(sweep)
    assert "learning rate 0.003" in lines.rows[0]
    assert "70.2 % ◆" in " ".join(lines.rows[0].split())
    assert "●" in lines.rows[3]


def test_a_diverged_member_is_never_the_best(tmp_path: Path) -> None:
    watched = watch(tmp_path, states=["diverged", "finished", "finished"])
    assert watched.best == 1


def test_a_lone_point_has_no_best_and_no_letter(tmp_path: Path) -> None:
    watched = watch(tmp_path, vary=(), seeds=3, states=["finished"])
    assert watched.best is None
    rows = point_rows(watched, frozenset((0,)))
    assert [row.sign for row in rows] == [""] * 4
    chart = plot(watched, "loss", Aspect(), Sight(100)).chart
    assert chart.curves[0].shade is not None
    assert len(chart.curves) == 1


def test_the_lit_curve_comes_last_and_covers(tmp_path: Path) -> None:
    watched = watch(tmp_path, states=["finished"])
    chart = plot(watched, "top1", Aspect(lit="2"), Sight(100)).chart
    lit = chart.curves[-1]
    assert (lit.role, lit.covers, lit.name) == (Role.LIT, True, "c 1")
    assert chart.curves[2].name == ""
    assert lit.stretches == chart.curves[2].stretches


def test_of_many_points_only_the_lit_one_has_its_band(tmp_path: Path) -> None:
    watched = watch(tmp_path, vary=("optimizer.lr=0.01,0.02,0.03,0.04",), seeds=2, states=["finished"])
    curves = plot(watched, "loss", Aspect(lit="1"), Sight(100)).chart.curves
    assert [curve.shade is not None for curve in curves] == [False, False, False, False, True]


def test_very_many_curves_end_with_their_letters_alone(tmp_path: Path) -> None:
    rates = ",".join(f"{number / 100}" for number in range(1, NAMED + 3))
    watched = watch(tmp_path, vary=(f"optimizer.lr={rates}",), epochs=2, states=["finished"])
    chart = plot(watched, "loss", Aspect(lit="0"), Sight(100)).chart
    assert [curve.name for curve in chart.curves[1:4]] == ["b", "c", "d"]


@pytest.mark.parametrize(("over", "end", "whole"), [("epoch", 12, True), ("step", 492, True), ("second", 33.8, False)])
def test_the_x_axis_ends_where_the_sweep_did(tmp_path: Path, over: Any, end: float, whole: bool) -> None:
    watched = watch(tmp_path, states=["finished"])
    chart = plot(watched, "loss", Aspect(over=over), Sight(100)).chart
    assert chart.x == (0, pytest.approx(end, rel=0.02))
    assert chart.whole_x == whole


def test_lines_are_made_again_only_when_they_have_grown(tmp_path: Path) -> None:
    watched = watch(tmp_path, states=["finished"])
    first = watched.line("0", "test_loss", "epoch")
    watched.poll()
    assert watched.line("0", "test_loss", "epoch") is first
    assert watched.line("9", "test_loss", "epoch") is None
    assert watched.line("0.7", "test_loss", "epoch") is None


@pytest.mark.parametrize(
    ("state", "in_line", "deeds"),
    [
        ("running", False, {"pause", "stop"}),
        ("paused", False, {"go on", "stop"}),
        ("queued", True, {"stop", "resume"}),  # in a line that nobody serves
        ("queued", False, {"resume"}),
        ("interrupted", False, {"resume"}),
        ("failed", False, {"resume"}),
        ("stopped", False, {"resume"}),
        ("finished", False, set()),
    ],
)
def test_what_can_be_asked_of_a_run(state: RunState, in_line: bool, deeds: set[str]) -> None:
    assert steer.possible([steer.Steered(RUN, state, in_line, began=True)], served=False) == deeds


def test_what_waits_in_a_line_that_is_served_is_not_put_there_again(tmp_path: Path) -> None:
    waiting = [steer.Steered(RunFolder(tmp_path / name), "queued", True, began=False) for name in "ab"]
    assert steer.possible(waiting, served=True) == {"stop"}
    assert steer.possible(waiting, served=False) == {"stop", "resume"}


def test_a_run_that_was_taken_from_the_line_meanwhile_is_told_to_stop(tmp_path: Path) -> None:
    from tp1tui.journal.commands import Stop, take
    from tp1tui.journal.tickets import take_out_of_line

    sweep = make_sweep(tmp_path, states=["finished", "queued"])
    runs = SweepWatch(sweep).steered
    take_out_of_line(runs[1].folder)  # by its worker, which has just begun
    assert steer.stop(runs) == "Taken out of line: 3 runs. Asked to stop after the batch at hand."
    assert [list(map(type, take(folder))) for _, folder in sweep.runs()] == [[], [Stop], [], [], []]


def line(*ys: float, spread: tuple[float, ...] | None = None) -> Line:
    return Line(name="one", x=tuple(map(float, range(len(ys)))), y=ys, spread=spread)


def test_a_line_is_open_where_it_is_no_number() -> None:
    found = stretches(line(1.0, 2.0, math.nan, 3.0), Sight(100))
    assert found == ([(0.0, 1.0), (1.0, 2.0)], [(3.0, 3.0)])


def test_a_spread_that_is_no_number_is_none() -> None:
    found = shade(line(1.0, 2.0, spread=(0.5, math.nan)), Sight(100))
    assert found is not None
    assert found.stretches == (((0.0, 0.5, 1.5), (1.0, 2.0, 2.0)),)
    assert shade(line(1.0), Sight(100)) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(4, 50))
def test_a_long_line_is_thinned_and_keeps_its_ends_of_y(ys: list[float], most: int) -> None:
    [points] = stretches(line(*ys), Sight(most))
    assert len(points) <= max(2 * most, 3)
    assert {min(ys), max(ys)} <= {y for _, y in points}
    assert points == sorted(points, key=lambda point: point[0])
