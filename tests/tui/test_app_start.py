"""Opening and leaving the app."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import let_go, let_go_of, make_run, make_sweep
from tests.tui.bench_lab import SMALL, at_home, bench, lab
from tp1tui.journal.listing import find_run
from tp1tui.journal.tickets import put_in_line
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.farewell import farewell
from tp1tui.tui.terminal.ability import Ability

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

FIRST_SCREEN = """
import asyncio, sys
from pathlib import Path
from tp1tui.journal.listing import find_run
from tp1tui.journal.tickets import put_in_line
from tp1tui.tui.app import Tp1Tui

async def look():
    app = Tp1Tui(Path("runs"), "auto")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("down", "r", "escape")
        await app.workers.wait_for_complete()

asyncio.run(look())
heavy = {"torch", "torchvision", "sklearn", "plotext", "httpx", "PIL", "pandas"} & set(sys.modules)
sys.exit(f"imported: {heavy}" if heavy else 0)
"""


def test_the_first_screens_import_neither_torch_nor_anything_else_that_is_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_SCREEN], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


async def test_a_run_that_was_asked_for_is_opened_upon_the_bench(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(Tp1Tui, "open_run", lambda self, folder, shown_as: opened.append(folder.path))
    folder = make_run(at_home / "runs", "cd18")
    app = Tp1Tui(at_home / "runs", "auto", watch=folder)
    async with app.run_test(size=SMALL):
        bench(app)
    assert opened == [folder.path]


async def test_leaving_says_how_to_come_back_to_what_goes_on(at_home: Path) -> None:
    running = make_run(at_home / "runs", "cd18", state="running")
    make_run(at_home / "runs", "digits", seed=1)
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("q")
    name = running.id.partition("_")[2]
    assert app.return_value == f"{name} goes on training. Come back to it with:\n  tp1tui watch {name}"
    assert find_run(name, at_home / "runs") == running
    let_go(running)


def test_a_run_in_an_unusual_folder_is_named_by_its_path(at_home: Path) -> None:
    paused = make_run(at_home / "my runs", "cd18", state="paused")
    said = farewell(at_home / "my runs")
    name = paused.id.partition("_")[2]
    assert said == f"{name} is paused. Come back to it with:\n  tp1tui watch '{paused.path}'"
    let_go(paused)


def test_a_sweep_is_told_with_how_far_it_is_and_found_by_what_is_said(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished", "failed", "running", "queued"])
    said = farewell(Path("runs"))
    name = sweep.id.partition("_")[2]
    assert said == (
        f"The sweep {name} goes on: 1 of 5 runs done, 1 training, 1 failed, 2 wait in line. "
        f"Come back to it with:\n  tp1tui watch {name}"
    )
    assert find_run(name, at_home / "runs") == sweep
    let_go_of(sweep)


def test_runs_that_wait_in_line_are_counted(at_home: Path) -> None:
    for seed in range(2):
        put_in_line(make_run(at_home / "runs", "cd18", state="queued", seed=seed), "cpu")
    assert farewell(Path("runs")) == "2 runs wait in line and will start without tp1tui."


def test_nothing_is_said_where_nothing_goes_on(at_home: Path) -> None:
    make_run(at_home / "runs", "cd18", state="interrupted")
    assert farewell(at_home / "runs") is None
    assert farewell(at_home / "nowhere") is None


async def test_without_colour_every_change_is_still_marked() -> None:
    app = lab(ability=Ability(colours="none"))
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.press("down", "d")
        await pilot.pause()
        assert app.no_color
        assert "* dropout" in bench(app).query_one("#fields").text  # type: ignore[attr-defined]
