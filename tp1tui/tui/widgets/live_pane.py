"""What a run shows of its network while it learns: the boundary, or the probe, under its title."""

from __future__ import annotations

from collections.abc import Callable

from textual.events import Resize

from tp1tui.tui.results.ink import Ink
from tp1tui.tui.run.lines import Line, Tone
from tp1tui.tui.widgets.inked import Inked
from tp1tui.tui.widgets.line_view import LineView

Source = Callable[[int, int, Ink], list[Line]]
"""Makes the lines for a width, a height and an ink."""


class LivePane(LineView, Inked):
    """Told where its lines come from; draws when told to, and when its size changes."""

    DEFAULT_CSS = "LivePane { height: 1fr; }"

    def __init__(self, key: str, title: str, source: Source, *, id: str) -> None:
        """Prepare the pane.

        Args:
            key: Which key brings it to the front.
            title: What it shows.
            source: Makes its lines.
            id: Of the widget.
        """
        super().__init__(id=id)
        self.is_titled = True
        """Whether its key and title stand over it."""
        self._title: Line = ((f"{key} ", Tone.KEY), (title, Tone.STRONG))
        self._source = source

    def draw_now(self) -> None:
        """Draw what the source has now."""
        width, height = self.content_size
        if not self.display or width < 1 or height < 1:
            return
        head = [self._title] if self.is_titled else []
        self.show_lines([*head, *self._source(width, height - len(head), self.ink)])

    def on_resize(self, event: Resize) -> None:
        """Another size is another drawing."""
        self.draw_now()
