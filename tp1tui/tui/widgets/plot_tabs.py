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
    ("5", "boundary", "boundary"),
    ("6", "probe", "probe"),
    ("4", "results", "results"),
    ("7", "device", "device"),
)
_EXTRA: frozenset[Tab] = frozenset(("boundary", "probe", "results"))
_SHORT: dict[str, str] = {"loss of every batch": "batches"}
"""Where not all have room."""
GAP = 2


class PlotTabs(LineView):
    """One line; a click on a tab opens it."""

    @dataclass
    class Chosen(Message):
        """A person clicked on a tab."""

        pane: Tab

    extra: frozenset[Tab] = frozenset()
    """What this run has beside its curves: a boundary, a probe, results."""

    def show(self, front: Pane) -> None:
        """Mark the pane that is in front."""
        pieces: list[Piece] = []
        tabs, lead, gap = self._layout
        for key, title, pane in tabs:
            tone = Tone.CHOSEN if pane == front else None
            pieces += [(f"{lead}{key}", tone or Tone.KEY), (f" {title} ", tone), (gap, None)]
        self.show_lines([pieces[:-1]])

    @property
    def _layout(self) -> tuple[tuple[tuple[str, str, Tab], ...], str, str]:
        """The tabs, what stands before each key, and what between two: the first choice that fits."""
        there = tuple(tab for tab in _TABS if tab[2] not in _EXTRA or tab[2] in self.extra)
        short = tuple((key, _SHORT.get(title, title), pane) for key, title, pane in there)
        room = self.content_size.width or 1000
        for tabs, lead, gap in ((there, " ", GAP), (short, " ", GAP), (short, " ", GAP - 1), (short, " ", 0)):
            if sum(len(f"{lead}{key} {title} ") for key, title, _ in tabs) + gap * (len(tabs) - 1) <= room:
                return tabs, lead, " " * gap
        return short, "", ""

    def on_click(self, event: Click) -> None:
        """Find the tab under the mouse."""
        end = 0
        tabs, lead, gap = self._layout
        for key, title, pane in tabs:
            end += len(f"{lead}{key} {title} {gap}")
            if event.get_content_offset_capture(self).x < end:
                self.post_message(self.Chosen(pane))
                return
