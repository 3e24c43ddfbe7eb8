"""What holds for all tests of screens."""

from __future__ import annotations

import pytest
from textual.widgets import Input, TextArea


@pytest.fixture(autouse=True)
def still_cursors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks is there in one picture and not in the next."""
    for widget in (Input, TextArea):
        monkeypatch.setattr(widget, "cursor_blink", False)
