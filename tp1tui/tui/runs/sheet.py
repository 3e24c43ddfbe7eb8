"""The table of runs, laid out once and written row by row: a thousand runs cost no more than what is in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rich.cells import cell_len, set_cell_size

from tp1tui.tui.columns import Layout, laid_out
from tp1tui.tui.runs.columns import COLUMNS, problem_of
from tp1tui.tui.runs.order import Order
from tp1tui.tui.runs.rows import ListRow
from tp1tui.tui.sweep.group import SweepRow

RISING, FALLING = "↑", "↓"
"""Beside the title of the column that the table is sorted by."""
LEAST_GAP = 2

Cells = tuple[str, ...]


class Sheet:
    """Rows and what stands in them. Cells of rows that have not changed are taken over from the sheet before."""

    def __init__(self, rows: Sequence[ListRow], order: Order, before: Sheet | None = None) -> None:
        """Fill in the cells.

        Args:
            rows: From top to bottom.
            order: What they are sorted by.
            before: The last sheet.
        """
        self.rows = rows
        self.order = order
        known: Mapping[str, tuple[ListRow, Cells]] = before._filled if before else {}
        self._filled: dict[str, tuple[ListRow, Cells]] = {
            row.entry.id: (row, _taken_over(row, known) or _cells(row)) for row in rows
        }
        filled = [cells for _, cells in self._filled.values()]
        self._told = [
            at
            for at, column in enumerate(COLUMNS)
            if not column.optional or any(cells[at] not in ("", "–") for cells in filled)
        ]
        self._widths = [max(map(cell_len, column)) for column in zip(self._titles, *filled, strict=True)]
        self._layouts: dict[int, Layout] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """Titles of the columns that have something to tell, from left to right, whether there is room or not."""
        return tuple(COLUMNS[at].title for at in self._told)

    def head(self, width: int) -> str:
        """The titles."""
        return self._layout(width).line(self._titles)

    def line(self, row: ListRow, width: int) -> str:
        """One row; where the run cannot be read, the reason stands in place of figures."""
        layout, cells = self._layout(width), self._filled[row.entry.id][1]
        if isinstance(row.entry, SweepRow) or not row.entry.problem:
            return layout.line(cells)
        begin = replace(layout, chosen=layout.chosen[:2]).line(cells) + " " * layout.gap
        return set_cell_size(f"{begin}{problem_of(row.entry)}", width)

    def title_at(self, x: int, width: int) -> str | None:
        """The title of the column at a cell of a line; None beyond the last."""
        at = self._layout(width).column_at(x)
        return None if at is None else COLUMNS[at].title

    @property
    def _titles(self) -> list[str]:
        arrow = FALLING if self.order.falls else RISING
        return [f"{column.title} {arrow}" if column.title == self.order.title else column.title for column in COLUMNS]

    def _layout(self, width: int) -> Layout:
        """For a width; the column that the table is sorted by is never spared."""
        if width not in self._layouts:
            told = [COLUMNS[at] for at in self._told]
            columns = [replace(column, spare=0) if column.title == self.order.title else column for column in told]
            fitting = laid_out(columns, [self._widths[at] for at in self._told], width, LEAST_GAP)
            chosen = tuple(self._told[at] for at in fitting.chosen)
            lefts = tuple(column.left for column in COLUMNS)
            self._layouts = {width: Layout(chosen, tuple(self._widths), lefts, fitting.gap)}
        return self._layouts[width]


def _taken_over(row: ListRow, known: Mapping[str, tuple[ListRow, Cells]]) -> Cells | None:
    """The cells of a row that stood on the sheet before, if it is about the very same summary."""
    old = known.get(row.entry.id)
    if old is None or old[0].entry is not row.entry:
        return None
    return old[1] if old[0] == row else None


def _cells(row: ListRow) -> Cells:
    return tuple(column.cell(row) for column in COLUMNS)
