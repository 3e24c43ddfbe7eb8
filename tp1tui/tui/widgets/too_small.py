"""What stands where nothing else fits."""

from __future__ import annotations

from typing import Any

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

LEAST = Size(60, 16)
"""Below this, panes would be cut in the middle of what they say."""


class TooSmall(Widget):
    """Covers a screen in a terminal that is too small for it."""

    DEFAULT_CSS = """
    TooSmall {
        overlay: screen;
        position: absolute;
        offset: 0 0;
        width: 100vw;
        height: 100vh;
        background: $background;
        content-align: center middle;
        text-align: center;
        padding: 0;
    }
    """

    def render(self) -> RenderResult:
        """A sentence, or as much of it as there is room for."""
        return Content(
            f"tp1tui needs {LEAST.width} columns and {LEAST.height} rows, better 80 and 24. Here are "
            f"{self.app.size.width} and {self.app.size.height}. What trains goes on."
        )


def cover_where_too_small(screen: Screen[Any], size: Size) -> None:
    """Say on a screen, or a dialog, that there is no room for it, as long as there is none.

    Args:
        screen: May be covered already.
        size: Of the terminal, in columns and rows.
    """
    covers = screen.query(TooSmall)
    if not is_too_small(size):
        covers.remove()
    elif covers:
        covers.first().refresh()
    else:
        screen.mount(TooSmall())


def is_too_small(size: Size) -> bool:
    """Whether nothing fits."""
    return size.width < LEAST.width or size.height < LEAST.height
