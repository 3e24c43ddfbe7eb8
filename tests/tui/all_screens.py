"""Every screen of the app, for tests of what holds on all of them. A new screen adds one line to SCREENS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from tests.builders import held, let_go, make_measure, make_run, make_sweep, run_spec, some_results
from tests.tui.bench_lab import library
from tests.tui.lab import journal, until
from tp1tui.journal.events import Measured
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.spec.results import Axis, Line, Series
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.screens.answer_page import READING
from tp1tui.tui.screens.fetch import FetchScreen
from tp1tui.tui.screens.question import QuestionScreen
from tp1tui.tui.screens.tour import TourScreen
from tp1tui.tui.screens.welcome import WelcomeScreen

Folder = RunFolder | SweepFolder | list[RunFolder]


@dataclass(frozen=True)
class Place:
    """A screen and the way there."""

    keys: str = ""
    """Pressed one after the other, with spaces between."""
    make: Callable[[Path], Folder] | None = None
    """Makes the run or sweep that the app opens on, in the folder of runs."""
    push: Callable[[Folder | None], Screen[Any]] | None = None
    """Makes a screen that is put over the first, where no key leads to it here."""
    there: str = "BenchScreen"
    """Name of the screen's class."""
    ready: str = ""
    """Selector of a widget that has something to say once the screen is drawn."""


def _run(runs: Path) -> Folder:
    return make_run(runs, epochs=30, state="stopped")


def _a_run(runs: Path) -> Folder:
    return make_run(runs, epochs=30)


def _tour(folder: Folder | None) -> TourScreen:
    assert isinstance(folder, RunFolder)
    return TourScreen(folder)


def _paused(runs: Path) -> Folder:
    return make_run(runs, epochs=30, state="paused")


def _sweep(runs: Path) -> Folder:
    return make_sweep(runs, states=["finished", "finished", "diverged", "stopped", "queued"])


def _measure_with_plot(runs: Path) -> Folder:
    lines = (Line(name="train", x=(0, 1, 2), y=(9.0, 4.0, 2.0)), Line(name="test", x=(0, 1, 2), y=(9.0, 5.0, 4.0)))
    series = Series(name="error by size", x=Axis(name="size"), y=Axis(name="error", unit="%"), lines=lines)
    return make_measure(runs, results=[*some_results()[:1], series])


def _two_runs(runs: Path) -> Folder:
    return [make_run(runs, epochs=30), make_run(runs, "cd29", epochs=30, seed=1)]


def _run_with_results(runs: Path) -> Folder:
    folder = make_run(runs, epochs=30)
    journal(folder, *(Measured(time=1.8e9, step=0, result=result) for result in some_results()))
    return folder


SCREENS: dict[str, Place] = {
    "bench": Place(),
    "bench-fields": Place("down e"),
    "bench-finding": Place("slash c d"),
    "device": Place("7", there="DeviceScreen"),
    "question": Place("A", there="QuestionScreen"),
    "welcome": Place(push=lambda _: WelcomeScreen(run_spec("digits")), there="WelcomeScreen"),
    "fetch": Place(push=lambda _: FetchScreen("mnist"), there="FetchScreen"),
    "tour": Place("", _a_run, _tour, there="TourScreen", ready="#head"),
    "pictures": Place("i", there="PicturesScreen"),
    "edit": Place("L", there="EditModal"),
    "confirm": Place("x", _paused, there="ConfirmModal", ready="#head"),
    "help": Place("question_mark", there="HelpModal"),
    "palette": Place("ctrl+p", there="Palette"),
    "runs-empty": Place("r", there="RunsScreen"),
    "runs": Place("escape r", _run, there="RunsScreen"),
    "run": Place("", _run, there="RunScreen", ready="#head"),
    "run-layers": Place("t", _run, there="RunScreen", ready="#head"),
    "sweep": Place("", _sweep, there="SweepScreen", ready="#head"),
    "sweep-table": Place("3", _sweep, there="SweepScreen", ready="#head"),
    "line": Place("Q", there="LineScreen"),
    "compare": Place("", _two_runs, there="CompareScreen"),
    "measure": Place("", make_measure, there="MeasureScreen", ready="#head"),
    "plot": Place("down f", _measure_with_plot, there="PlotScreen", ready="#head"),
    "results": Place("4", _run_with_results, there="ResultsScreen", ready="#head"),
}
"""By the name that tests show. Opened with `opened`."""

every_screen = pytest.mark.parametrize("place", SCREENS.values(), ids=SCREENS)


@asynccontextmanager
async def opened(place: Place, size: tuple[int, int], **options: Any) -> AsyncIterator[Pilot[Any]]:
    """The app with a screen on, drawn; in a test that uses `at_home`.

    Args:
        place: The screen.
        size: Columns and rows.
        options: Of the app.
    """
    folder = place.make(Path("runs")) if place.make else None
    app = Tp1Tui(Path("runs"), "cpu", watch=None if place.push else folder, library=library(Path()), **options)
    try:
        async with app.run_test(size=size) as pilot:
            if place.push:
                await app.push_screen(place.push(folder))
            await arrived(pilot, place)
            yield pilot
    finally:
        if isinstance(folder, RunFolder) and folder.path in held():
            let_go(folder)


async def arrived(pilot: Pilot[Any], place: Place) -> None:
    """Walk to a screen, and wait until it is drawn."""
    app = pilot.app
    if place.make:
        await until(pilot, lambda: type(app.screen).__name__ != "BenchScreen")
        if place.ready:
            await until(pilot, lambda: app.screen.query(place.ready) and app.screen.query_one(place.ready).text)  # type: ignore[attr-defined]
    for key in place.keys.split():
        await pilot.press(key)
        await pilot.pause()
    await until(pilot, lambda: type(app.screen).__name__ == place.there)
    if isinstance(app.screen, QuestionScreen):
        await until(pilot, lambda: str(app.screen.query_one("#state", Static).content) != READING)
    if getattr(app.screen, "follows_runs", False):  # it has nothing to list until the folder has been looked at
        await until(pilot, lambda: (look := app.look) and not look.unread)  # type: ignore[attr-defined]
    await pilot.pause()


def drawn(pilot: Pilot[Any]) -> list[str]:
    """The rows of the screen as text."""
    return [strip.text for strip in strips(pilot)]


def strips(pilot: Pilot[Any]) -> list[Strip]:
    """The rows of the screen with their colours."""
    return pilot.app.screen._compositor.render_strips()
