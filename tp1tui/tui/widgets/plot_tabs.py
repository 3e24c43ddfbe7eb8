"""What can be brought to the front where only one pane fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual.events import Click
from textual.message import Message

from tp1tui.tui.run.arrangement import Pane
from tp1tui.tui.run.lines import Piece, Tone
from tp1tui.tui.widgets.line_view import LineView

Tab = Pane | Literal["results"]
_TABS: tuple[tuple[str, str, Tab], ...] = (
    ("1", "loss", "loss"),
    ("2", "accuracy", "accuracy"),
    ("3", "loss of every batch", "batches"),
    ("t", "layers", "side"),
    ("4", "results", "results"),
)


class PlotTabs(LineView):
    """One line; a click on a tab opens it."""

    @dataclass
    class Chosen(Message):
        """A person clicked on a tab."""

        pane: Tab

    has_results = False
    """Whether there are results to be opened."""

    def show(self, front: Pane) -> None:
        """Mark the pane that is in front."""
        pieces: list[Piece] = []
        for key, title, pane in self._tabs:
            tone = Tone.CHOSEN if pane == front else None
            pieces += [(f" {key}", tone or Tone.KEY), (f" {title} ", tone), ("  ", None)]
        self.show_lines([pieces[:-1]])

    @property
    def _tabs(self) -> tuple[tuple[str, str, Tab], ...]:
        return _TABS if self.has_results else _TABS[:-1]

    def on_click(self, event: Click) -> None:
        """Find the tab under the mouse."""
        end = 0
        for key, title, pane in self._tabs:
            end += len(f" {key} {title} ") + 2
            if event.get_content_offset_capture(self).x < end:
                self.post_message(self.Chosen(pane))
                return
