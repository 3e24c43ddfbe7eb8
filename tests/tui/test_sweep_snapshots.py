"""How the sweep screen looks. After a wanted change: pytest tests/tui --snapshot-update, and look at the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders import let_go_of, make_sweep
from tests.tui.bench_lab import MIDDLE, SMALL, at_home
from tests.tui.pictured import every_size, pressing_on
from tests.tui.sweeps import app_of, opened

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

HEAT = ("optimizer.lr=0.01,0.1", "batch_size=16,32,64")

pressing = pressing_on(opened)


@every_size
def test_a_sweep_that_goes_on(snap_compare: Any, at_home: Path, size: tuple[int, int]) -> None:
    sweep = make_sweep(at_home / "runs")
    assert snap_compare(app_of(sweep), terminal_size=size, run_before=pressing("down"))
    let_go_of(sweep)


@every_size
def test_two_fields(snap_compare: Any, at_home: Path, size: tuple[int, int]) -> None:
    sweep = make_sweep(at_home / "runs", vary=HEAT, states=["finished"])
    assert snap_compare(app_of(sweep), terminal_size=size, run_before=pressing("o", "o", "4"))


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_seeds_with_their_runs(snap_compare: Any, at_home: Path, size: tuple[int, int]) -> None:
    sweep = make_sweep(at_home / "runs", vary=("optimizer.lr=0.01,0.1",), seeds=3, states=["finished"])
    assert snap_compare(app_of(sweep), terminal_size=size, run_before=pressing("f", "down"))


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_the_error_over_a_number(snap_compare: Any, at_home: Path, size: tuple[int, int]) -> None:
    sweep = make_sweep(at_home / "runs", vary=("optimizer.lr=0.01,0.03,0.1,0.3",), seeds=2, states=["finished"])
    assert snap_compare(app_of(sweep), terminal_size=size, run_before=pressing("6"))


def test_the_table_at_80_columns(snap_compare: Any, at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished", "failed", "stopped", "queued"])
    assert snap_compare(app_of(sweep), terminal_size=SMALL, run_before=pressing("3"))


def test_ascii(snap_compare: Any, at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished", "finished", "diverged", "finished"])
    assert snap_compare(app_of(sweep), terminal_size=SMALL, run_before=pressing("m", "m"))


def test_the_light_look(snap_compare: Any, at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished", "finished", "diverged", "finished"])
    assert snap_compare(app_of(sweep), terminal_size=MIDDLE, run_before=pressing("ctrl+t", "down"))
