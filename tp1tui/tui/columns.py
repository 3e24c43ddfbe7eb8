"""Tables as lines of text that fit a width: gaps narrow first, then whole columns go, never half a figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.cells import cell_len, set_cell_size

Item = TypeVar("Item")

WIDEST_GAP = 3


@dataclass(frozen=True)
class Column(Generic[Item]):
    """One column of a table."""

    title: str
    cell: Callable[[Item], str]
    left: bool = False
    """Aligned to the left; figures are aligned to the right."""
    spare: int = 0
    """Columns that can be spared go when there is no room, the highest number first; 0 stays."""


@dataclass(frozen=True)
class TableLines:
    """A table ready to be shown; every line has the same width."""

    head: str
    rows: tuple[str, ...]
    foot: str
    """Empty when there is none."""


@dataclass(frozen=True)
class Layout:
    """Where the columns of a table stand, so that its lines can be made one by one."""

    chosen: tuple[int, ...]
    """Numbers of the columns that there is room for."""
    widths: tuple[int, ...]
    """Cells of every column, chosen or not."""
    lefts: tuple[bool, ...]
    """Whether each is aligned to the left."""
    gap: int
    """Cells between two columns."""

    def line(self, cells: Sequence[str]) -> str:
        """One line of the table, of one cell a column."""
        return (" " * self.gap).join(_aligned(cells[at], self.widths[at], left=self.lefts[at]) for at in self.chosen)

    def column_at(self, x: int) -> int | None:
        """The number of the column that a cell of a line belongs to, with the gap after it; None beyond the last."""
        for at in self.chosen:
            x -= self.widths[at] + self.gap
            if x < 0:
                return at
        return None


def table_lines(
    columns: Sequence[Column[Item]], items: Sequence[Item], width: int, *, foot: Sequence[str] = (), least_gap: int = 1
) -> TableLines:
    """Lay out a table and make all of its lines.

    Args:
        columns: From left to right.
        items: One a row.
        width: Cells there are.
        foot: Text under each column.
        least_gap: Cells between two columns, at the least: rather than have fewer, a column is spared.
    """
    grid = [[column.title for column in columns], *([column.cell(item) for column in columns] for item in items)]
    if foot:
        grid.append(list(foot))
    layout = laid_out(
        columns, [max(cell_len(line[at]) for line in grid) for at in range(len(columns))], width, least_gap
    )
    lines = [layout.line(cells) for cells in grid]
    return TableLines(lines[0], tuple(lines[1 : len(items) + 1]), lines[-1] if foot else "")


def laid_out(columns: Sequence[Column[Item]], widths: Sequence[int], width: int, least_gap: int) -> Layout:
    """Choose the columns that there is room for.

    Args:
        columns: From left to right.
        widths: Of the widest cell of each column, its title among them.
        width: Cells there are.
        least_gap: As for `table_lines`.
    """
    chosen = _that_fit(columns, widths, width, least_gap)
    gap = max(least_gap, min(WIDEST_GAP, (width - sum(widths[at] for at in chosen)) // max(1, len(chosen) - 1)))
    return Layout(tuple(chosen), tuple(widths), tuple(column.left for column in columns), gap)


def _that_fit(columns: Sequence[Column[Item]], widths: Sequence[int], width: int, gap: int) -> list[int]:
    chosen = list(range(len(columns)))
    while sum(widths[at] + gap for at in chosen) - gap > width:
        spare = max(chosen, key=lambda at: columns[at].spare)
        if columns[spare].spare == 0:
            break
        chosen.remove(spare)
    return chosen


def _aligned(text: str, width: int, *, left: bool) -> str:
    return set_cell_size(text, width) if left else " " * (width - cell_len(text)) + text
