"""The app with a measure or a run on it, for tests of what results look like and what their keys do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.tui.lab import until
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.screens.results_page import ResultsPage
from tp1tui.tui.widgets.result_pane import ResultPane


def app_on(folder: RunFolder) -> Tp1Tui:
    """The app, opened on a run's folder, with no presets and no network."""
    return Tp1Tui(folder.path.parent, "cpu", watch=folder, library=PresetLibrary([("none", Path("nowhere"))]))


async def results_shown(pilot: Pilot[Any]) -> ResultsPage:
    """Wait until a screen of results is on, with something on it."""
    await until(pilot, lambda: isinstance(pilot.app.screen, ResultsPage) and pilot.app.screen.query(ResultPane))
    page = pilot.app.screen
    assert isinstance(page, ResultsPage)
    await until(pilot, lambda: page.query_one(ResultPane).text)
    await pilot.pause()
    return page
