"""Decision boundaries of a sweep's runs, side by side on its screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import let_go_of, make_sweep
from tests.tui.bench_lab import MIDDLE, SMALL, at_home
from tests.tui.boundaries import some_boundary
from tests.tui.lab import journal, until
from tests.tui.sweeps import app_of, opened, shown
from tp1tui.journal.events import Measured
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.tui.sweep.boundaries import Boundaries
from tp1tui.tui.sweep.watch import SweepWatch

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

UNITS = ("model.layers.hidden.features=1,2,4,8,16",)


def sweep_on_points(runs_dir: Path, *states: Any) -> SweepFolder:
    sweep = make_sweep(runs_dir, "ab2.4", UNITS, states or ("finished", "finished", "running", "queued"))
    for _, folder in list(sweep.runs())[:3]:
        journal(folder, Measured(time=1.8e9, step=0, result=some_boundary()))
    return sweep


async def test_5_shows_the_boundary_of_each_point_that_has_one(at_home: Path) -> None:
    sweep = sweep_on_points(at_home / "runs")
    async with app_of(sweep).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert "5 boundaries" in shown(screen, "#tabs")
        await pilot.press("5")
        await until(pilot, lambda: "decision boundaries" in shown(screen, "#boundaries"))
        text = shown(screen, "#boundaries")
        assert all(f"{letter} {units} " in text for letter, units in (("a", 1), ("b", 2), ("c", 4)))
        assert "d 8" not in text
        await pilot.press("1")
        assert not screen.query_one("#boundaries").display
    let_go_of(sweep)


async def test_where_there_is_room_they_are_in_sight_and_a_new_one_comes_while_one_watches(at_home: Path) -> None:
    sweep = sweep_on_points(at_home / "runs")
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await until(pilot, lambda: "c 4" in shown(screen, "#boundaries"))
        before = shown(screen, "#boundaries")
        later = some_boundary(points=0)
        journal(list(sweep.runs())[2][1], Measured(time=1.8e9, step=0, result=later))
        await until(pilot, lambda: shown(screen, "#boundaries") != before)
    let_go_of(sweep)


async def test_a_sweep_on_images_has_none(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert not screen.query_one("#boundaries").display
        await pilot.press("5")
        assert not screen.query_one("#boundaries").display


def test_a_boundary_that_has_not_changed_is_the_very_same(tmp_path: Path) -> None:
    sweep = sweep_on_points(tmp_path, "finished")
    watch, boundaries = SweepWatch(sweep), Boundaries()
    first, again = boundaries.of(watch), boundaries.of(watch)
    assert len(first) == 3
    assert all(one is other for one, other in zip(first, again, strict=True))


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_what_they_look_like(snap_compare: Any, at_home: Path, size: tuple[int, int]) -> None:
    async def run_before(pilot: Pilot[Any]) -> None:
        await opened(pilot)
        await pilot.press("5")
        await pilot.pause()

    sweep = sweep_on_points(at_home / "runs", "finished")
    assert snap_compare(app_of(sweep), terminal_size=size, run_before=run_before)
