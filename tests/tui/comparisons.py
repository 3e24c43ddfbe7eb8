"""The app with a comparison on, and waiting for what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.builders import make_run
from tests.tui.bench_lab import library
from tests.tui.lab import until
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.state import RunState
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.screens.compare import CompareScreen
from tp1tui.tui.terminal.ability import Ability
from tp1tui.tui.widgets.compare_table import CompareTable

RATES = (0.003, 0.01, 0.03, 0.1, 0.3)


def make_runs(
    runs_dir: Path, count: int = 3, states: Sequence[RunState] = ("finished",), preset: str = "digits"
) -> list[RunFolder]:
    """Runs that differ in the learning rate and the seed; the last state stands for all that follow."""
    return [
        make_run(
            runs_dir,
            preset,
            seed=place,
            state=states[min(place, len(states) - 1)],
            settings=[f"optimizer.lr={RATES[place % len(RATES)]}"],
        )
        for place in range(count)
    ]


def app_of(folders: Sequence[RunFolder], ability: Ability = Ability()) -> Tp1Tui:  # noqa: B008 - immutable
    """The app, which compares these runs at once; in a test that uses `at_home`."""
    return Tp1Tui(folders[0].path.parent, "cpu", watch=folders, library=library(), ability=ability)


async def opened(pilot: Pilot[Any]) -> CompareScreen:
    """Wait until the journals have been read and drawn."""
    await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen) and pilot.app.screen.watched)
    screen = pilot.app.screen
    assert isinstance(screen, CompareScreen)
    await until(pilot, lambda: screen.query_one(CompareTable).cursor and shown(screen, "#head"))
    await pilot.pause()
    return screen


def shown(screen: CompareScreen, selector: str) -> str:
    """What a widget says, as plain text."""
    return str(screen.query_one(selector).text)  # type: ignore[attr-defined]
