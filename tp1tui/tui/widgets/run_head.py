"""How a run stands, over its plots."""

from __future__ import annotations

from textual.events import Resize

from tp1tui.tui.run.head import head_lines
from tp1tui.tui.run.look import Look
from tp1tui.tui.widgets.line_view import LineView


class RunHead(LineView):
    """A few lines, always as many."""

    look: Look | None = None

    def show(self, look: Look) -> None:
        """Another look at the run."""
        self.look = look
        self.show_lines(head_lines(look, self.content_size.width))

    def on_resize(self, event: Resize) -> None:
        """What fits depends on the width."""
        if self.look:
            self.show(self.look)
