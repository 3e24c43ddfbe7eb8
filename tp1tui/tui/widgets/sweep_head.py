"""How a sweep stands, over its plots."""

from __future__ import annotations

from textual.events import Resize

from tp1tui.tui.sweep.head import head_lines
from tp1tui.tui.sweep.watch import SweepWatch
from tp1tui.tui.widgets.line_view import LineView


class SweepHead(LineView):
    """A few lines, always as many."""

    _watch: SweepWatch | None = None

    def show(self, watch: SweepWatch) -> None:
        """The sweep as it stands now."""
        self._watch = watch
        self.show_lines(head_lines(watch, self.content_size.width))

    def on_resize(self, event: Resize) -> None:
        """What fits depends on the width."""
        if self._watch:
            self.show(self._watch)
