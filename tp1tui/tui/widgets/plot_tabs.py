"""What can be brought to the front where only one pane fits."""

from __future__ import annotations

from dataclasses import dataclass

from textual.events import Click
from textual.message import Message

from tp1tui.tui.run.arrangement import Pane
from tp1tui.tui.run.lines import Piece, Tone
from tp1tui.tui.widgets.line_view import LineView

_TABS: tuple[tuple[str, str, Pane], ...] = (
    ("1", "loss", "loss"),
    ("2", "accuracy", "accuracy"),
    ("3", "loss of every batch", "batches"),
    ("t", "layers", "side"),
)


class PlotTabs(LineView):
    """One line; a click on a tab opens it."""

    @dataclass
    class Chosen(Message):
        """A person clicked on a tab."""

        pane: Pane

    def show(self, front: Pane) -> None:
        """Mark the pane that is in front."""
        pieces: list[Piece] = []
        for key, title, pane in _TABS:
            tone = Tone.CHOSEN if pane == front else None
            pieces += [(f" {key}", tone or Tone.KEY), (f" {title} ", tone), ("  ", None)]
        self.show_lines([pieces[:-1]])

    def on_click(self, event: Click) -> None:
        """Find the tab under the mouse."""
        end = 0
        for key, title, pane in _TABS:
            end += len(f" {key} {title} ") + 2
            if event.get_content_offset_capture(self).x < end:
                self.post_message(self.Chosen(pane))
                return
