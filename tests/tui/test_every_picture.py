"""Every screen, light and without colour, at the three sizes; dark ones have pictures beside their own tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import held, let_go
from tests.tui.all_screens import SCREENS, Place, arrived
from tests.tui.bench_lab import at_home, library
from tests.tui.pictured import BESIDE_DARK, every_look_beside_dark
from tp1tui.journal.folder import RunFolder
from tp1tui.tui.app import Tp1Tui

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

ALIVE = ("device", "fetch", "pictures")
"""What these show is not the same twice; their own tests draw them with what is."""
STILL = {name: place for name, place in SCREENS.items() if name not in ALIVE}


@every_look_beside_dark
@pytest.mark.parametrize("place", STILL.values(), ids=STILL)
def test_how_it_looks(place: Place, size: tuple[int, int], look: str, snap_compare: Any) -> None:
    folder = place.make(Path("runs")) if place.make else None
    goes_on = isinstance(folder, RunFolder) and folder.path in held()
    app = Tp1Tui(
        Path("runs"), "cpu", watch=None if place.push else folder, library=library(Path()), **BESIDE_DARK[look]
    )

    async def draw(pilot: Pilot[Any]) -> None:
        if place.push:
            await app.push_screen(place.push(folder))
        await arrived(pilot, place)
        if not goes_on:  # else somebody watches its device for as long as it does
            await app.workers.wait_for_complete()
            await pilot.pause()

    try:
        assert snap_compare(app, terminal_size=size, run_before=draw)
    finally:
        if isinstance(folder, RunFolder) and goes_on:
            let_go(folder)
