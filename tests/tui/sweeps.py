"""The app with a sweep's screen on, and waiting for what it shows."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from tests.tui.lab import until
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.screens.sweep import SweepScreen
from tp1tui.tui.widgets.point_table import PointTable


def app_of(sweep: SweepFolder) -> Tp1Tui:
    """The app, which opens the sweep at once; in a test that uses `at_home`."""
    from tests.tui.bench_lab import library

    return Tp1Tui(sweep.path.parent, "cpu", watch=sweep, library=library())


async def opened(pilot: Pilot[Any]) -> SweepScreen:
    """Wait until the journals have been read and drawn."""
    await until(pilot, lambda: isinstance(pilot.app.screen, SweepScreen) and pilot.app.screen.watched)
    screen = pilot.app.screen
    assert isinstance(screen, SweepScreen)
    await until(pilot, lambda: screen.query_one("#head").text)  # type: ignore[attr-defined]
    await until(pilot, lambda: screen.query_one(PointTable).cursor)
    await pilot.pause()
    return screen


def shown(screen: SweepScreen, selector: str) -> str:
    """What a widget says, as plain text."""
    return str(screen.query_one(selector).text)  # type: ignore[attr-defined]
