"""What holds for all tests of screens."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.tui.lab import written


@pytest.fixture(autouse=True)
def still_cursors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks is there in one picture and not in the next."""
    for widget in (Input, TextArea):
        monkeypatch.setattr(widget, "cursor_blink", False)


@pytest.fixture(autouse=True)
def obeyed_keys(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key has been pressed when what it asks for is written; not on a slow disk, in tests that name it."""
    if "disk" in request.fixturenames:
        return
    press = Pilot.press

    async def pressed(pilot: Pilot[Any], *keys: str) -> None:
        await press(pilot, *keys)
        if hasattr(pilot.app, "writes"):
            await written(pilot)

    monkeypatch.setattr(Pilot, "press", pressed)
