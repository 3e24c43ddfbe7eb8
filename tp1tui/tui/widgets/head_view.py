"""The lines over the plots of several runs: how they stand, as wide as there is room."""

from __future__ import annotations

from collections.abc import Callable

from textual.events import Resize

from tp1tui.tui.run.lines import Line
from tp1tui.tui.widgets.line_view import LineView


class HeadView(LineView):
    """A few lines, always as many."""

    _write: Callable[[int], list[Line]] | None = None

    def show(self, write: Callable[[int], list[Line]]) -> None:
        """Show what is written for the width there is, and again whenever that changes."""
        self._write = write
        self.show_lines(write(self.content_size.width))

    def on_resize(self, event: Resize) -> None:
        """What fits depends on the width."""
        if self._write:
            self.show(self._write)
