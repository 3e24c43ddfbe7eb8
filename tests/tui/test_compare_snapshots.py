"""How the comparison looks. After a wanted change: pytest tests/tui --snapshot-update, and look at the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders import let_go, make_run
from tests.tui.bench_lab import LARGE, MIDDLE, SMALL, at_home
from tests.tui.comparisons import app_of, make_runs, opened
from tests.tui.pictured import every_size, pressing_on

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

pressing = pressing_on(opened)


@every_size
def test_three_runs_one_going_on(snap_compare: Any, at_home: Path, size: tuple[int, int]) -> None:
    folders = make_runs(at_home / "runs", 3, states=["finished", "running", "finished"])
    assert snap_compare(app_of(folders), terminal_size=size, run_before=pressing("down"))
    let_go(folders[1])


@every_size
def test_a_baseline_and_smoothed_curves(snap_compare: Any, at_home: Path, size: tuple[int, int]) -> None:
    folders = make_runs(at_home / "runs", 5)
    assert snap_compare(app_of(folders), terminal_size=size, run_before=pressing("b", "y", "w", "w", "down", "down"))


@every_size
def test_the_differences_of_unlike_runs(snap_compare: Any, at_home: Path, size: tuple[int, int]) -> None:
    folders = [make_run(at_home / "runs", "digits"), make_run(at_home / "runs", "ab2.4", seed=1)]
    assert snap_compare(app_of(folders), terminal_size=size, run_before=pressing(*([] if size == LARGE else ["d"])))


@every_size
def test_forty_runs(snap_compare: Any, at_home: Path, size: tuple[int, int]) -> None:
    folders = [
        make_run(at_home / "runs", "digits", epochs=6, seed=seed, settings=[f"optimizer.lr={0.001 * (seed + 1):g}"])
        for seed in range(40)
    ]
    assert snap_compare(app_of(folders), terminal_size=size, run_before=pressing("down", "down"))


def test_ascii(snap_compare: Any, at_home: Path) -> None:
    folders = make_runs(at_home / "runs", 4)
    assert snap_compare(app_of(folders), terminal_size=SMALL, run_before=pressing("m", "m", "b", "down"))


def test_the_light_look(snap_compare: Any, at_home: Path) -> None:
    folders = make_runs(at_home / "runs", 4)
    assert snap_compare(app_of(folders), terminal_size=MIDDLE, run_before=pressing("ctrl+t", "w", "w", "w", "down"))
