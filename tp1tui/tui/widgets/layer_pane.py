"""The layer table of the chosen experiment, its heading and its total always in sight."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.events import Resize
from textual.widgets import Static

from tp1tui.spec.arithmetic import LayerRow
from tp1tui.tui.bench.layer_columns import layer_lines


class LayerRows(VerticalScroll, inherit_bindings=False):
    """The part of the table that scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Scroll up", show=False),
        Binding("down", "scroll_down", "Scroll down", show=False),
        Binding("pageup", "page_up", "A page up", show=False),
        Binding("pagedown", "page_down", "A page down", show=False),
    ]


class LayerPane(Vertical):
    """A table of layers."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._rows: tuple[LayerRow, ...] = ()

    def compose(self) -> ComposeResult:
        """Heading, rows, total."""
        yield Static(id="layer-head", markup=False)
        with LayerRows(id="layer-rows"):
            yield Static(id="layer-lines", markup=False)
        yield Static(id="layer-total", markup=False)

    def show(self, rows: tuple[LayerRow, ...]) -> None:
        """Another network."""
        if rows != self._rows:
            self._rows = rows
            self._draw()

    def on_resize(self, event: Resize) -> None:
        """Columns give way to the width."""
        self._draw()

    def _draw(self) -> None:
        width = self.scrollable_content_region.width - 1  # of the rows' scrollbar
        lines = layer_lines(self._rows, width) if self._rows and width > 0 else None
        self.query_one("#layer-head", Static).update(lines.head if lines else "")
        self.query_one("#layer-lines", Static).update("\n".join(lines.rows) if lines else "")
        self.query_one("#layer-total", Static).update(lines.foot if lines else "")
