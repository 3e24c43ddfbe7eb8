"""The app on fixed presets and a folder of its own, so that what it shows is the same everywhere."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tp1tui.data.catalog import CATALOG
from tp1tui.spec.dataset import DatasetKind
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.screens.bench import BenchScreen

HERE = Path(__file__).parent
SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 60)
SIZES = (SMALL, MIDDLE, LARGE)


def library(where: Path = HERE) -> PresetLibrary:
    """Three presets of the program, one of a person's own, and one that cannot be read."""
    return PresetLibrary([("your settings", where / "own_presets"), ("tp1tui", where / "presets")])


def lab(device: str = "cpu", **options: Any) -> Tp1Tui:
    """The app, its runs and presets in the current folder; call it in a test that uses `at_home`."""
    return Tp1Tui(Path("runs"), device, library=library(Path()), **options)


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in with nothing but presets, no datasets, and clocks that show UTC."""
    for presets in ("presets", "own_presets"):
        shutil.copytree(HERE / presets, tmp_path / presets)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TP1TUI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("TP1TUI_RUNS", raising=False)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    return tmp_path


def pretend(home: Path, kind: DatasetKind) -> None:
    """Let a dataset be here, as far as names and sizes tell."""
    folder = home / "data" / kind
    folder.mkdir(parents=True)
    for array in CATALOG[kind].arrays:
        with (folder / f"{array.name}.uint8").open("wb") as file:
            file.truncate(array.size)


async def looked(app: Tp1Tui, pilot: Pilot[Any]) -> None:
    """The app has seen all of the runs as they are now, however many looks that takes, and the screen shows it."""
    app.look_again()
    while looks := [worker for worker in app.workers if worker.group == "look"]:
        await app.workers.wait_for_complete(looks)
    await pilot.pause()


def bench(app: Tp1Tui) -> BenchScreen:
    """The bench, which must be on."""
    assert isinstance(app.screen, BenchScreen)
    return app.screen
