"""How a run or a measure stands, over its plots or results."""

from __future__ import annotations

from textual.events import Resize

from tp1tui.tui.run.head import head_lines, measure_lines
from tp1tui.tui.run.look import Look, MeasureLook
from tp1tui.tui.widgets.line_view import LineView


class RunHead(LineView):
    """A few lines, always as many."""

    look: Look | MeasureLook | None = None

    def show(self, look: Look | MeasureLook) -> None:
        """Another look at it."""
        self.look = look
        width = self.content_size.width
        self.show_lines(head_lines(look, width) if isinstance(look, Look) else measure_lines(look, width))

    def on_resize(self, event: Resize) -> None:
        """What fits depends on the width."""
        if self.look:
            self.show(self.look)
