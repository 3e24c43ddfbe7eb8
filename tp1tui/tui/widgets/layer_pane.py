"""The layer table of an experiment, its heading and its total always in sight."""

from __future__ import annotations

from textual.content import Content
from textual.strip import Strip

from tp1tui.spec.arithmetic import LayerRow
from tp1tui.tui.bench.layer_columns import layer_lines
from tp1tui.tui.widgets.text_view import TextView


class LayerPane(TextView):
    """A table of layers whose rows scroll between heading and total."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._rows: tuple[LayerRow, ...] = ()

    def show(self, rows: tuple[LayerRow, ...]) -> None:
        """Another network."""
        self._rows = rows
        self.redraw()

    def strips(self, width: int) -> list[Strip]:
        """The table, its columns chosen to fit."""
        self._text = _table(self._rows, width) if self._rows else Content()
        return super().strips(width)

    def in_sight(self, y: int) -> Strip | None:
        """Heading and total stay where they are, whatever the rows between them do."""
        last = min(len(self._lines), self.scrollable_content_region.height) - 1
        if y in (0, last) and self._lines:
            return self._lines[0 if y == 0 else -1]
        return super().in_sight(y)


def _table(rows: tuple[LayerRow, ...], width: int) -> Content:
    lines = layer_lines(rows, width)
    head, foot = Content.styled(lines.head, "underline $foreground 60%"), Content.styled(lines.foot, "bold")
    return Content("\n").join([head, *map(Content, lines.rows), foot])
