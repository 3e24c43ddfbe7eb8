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
        gap = " " * self._gap
        for key, title, pane in self._tabs:
            tone = Tone.CHOSEN if pane == front else None
            pieces += [(f" {key}", tone or Tone.KEY), (f" {title} ", tone), (gap, None)]
        self.show_lines([pieces[:-1]])

    @property
    def _tabs(self) -> tuple[tuple[str, str, Tab], ...]:
        there = tuple(tab for tab in _TABS if tab[2] not in _EXTRA or tab[2] in self.extra)
        if _width(there) + GAP * (len(there) - 1) <= (self.content_size.width or _width(there) * 2):
            return there
        return tuple((key, _SHORT.get(title, title), pane) for key, title, pane in there)

    @property
    def _gap(self) -> int:
        tabs = self._tabs
        return GAP if _width(tabs) + GAP * (len(tabs) - 1) <= (self.content_size.width or 1000) else 0

    def on_click(self, event: Click) -> None:
        """Find the tab under the mouse."""
        end = 0
        for key, title, pane in self._tabs:
            end += len(f" {key} {title} ") + self._gap
            if event.get_content_offset_capture(self).x < end:
                self.post_message(self.Chosen(pane))
                return


def _width(tabs: tuple[tuple[str, str, Tab], ...]) -> int:
    return sum(len(f" {key} {title} ") for key, title, _ in tabs)
