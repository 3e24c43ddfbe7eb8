"""What of a sweep can be brought to the front where not all fits."""

from __future__ import annotations

from dataclasses import dataclass

from textual.events import Click
from textual.message import Message

from tp1tui.tui.run.lines import Piece, Tone
from tp1tui.tui.sweep.arrangement import Pane
from tp1tui.tui.widgets.line_view import LineView

_KEYS: dict[Pane, str] = {"loss": "1", "accuracy": "2", "table": "3", "heat": "4", "boundaries": "5", "error": "6"}


class SweepTabs(LineView):
    """One line; a click on a tab opens it."""

    @dataclass
    class Chosen(Message):
        """A person clicked on a tab."""

        pane: Pane

    _tabs: tuple[Pane, ...] = ()

    def show(self, tabs: tuple[Pane, ...], front: Pane) -> None:
        """Mark the pane that is in front."""
        self._tabs = tabs
        pieces: list[Piece] = []
        for pane in tabs:
            tone = Tone.CHOSEN if pane == front else None
            pieces += [(f" {_KEYS[pane]}", tone or Tone.KEY), (f" {pane} ", tone), ("  ", None)]
        self.show_lines([pieces[:-1]])

    def on_click(self, event: Click) -> None:
        """Find the tab under the mouse."""
        end = 0
        for pane in self._tabs:
            end += len(f" {_KEYS[pane]} {pane} ") + 2
            if event.get_content_offset_capture(self).x < end:
                self.post_message(self.Chosen(pane))
                return
