"""A grid over two numeric axes, seen through a window of cells: what value, and which example, lies where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite

from tp1tui.spec.results import Grid
from tp1tui.tui.plots.axis import Tick, linear_ticks

PIXELS = 2
"""Of a cell, one over the other: a character is twice as high as it is wide."""
LABEL_EVERY = (8, 3)
"""Cells from one label to the next, at least: along a row, and along a column."""


@dataclass(frozen=True)
class Plane:
    """`columns` x `rows` cells that show all of a grid, one unit as long across as down."""

    grid: Grid
    columns: int
    rows: int

    def shares(self) -> list[list[float | None]]:
        """The grid's values at the middle of each pixel, [PIXELS · rows][columns], between its places in proportion."""
        height = PIXELS * self.rows
        across = [_place(column, self.columns, len(self.grid.across_values)) for column in range(self.columns)]
        down = [_place(row, height, len(self.grid.down_values)) for row in range(height)]
        return [[_between(self.grid.values, y, x) for x in across] for y in down]

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """(column, row) of a place on the axes; None where it lies outside of the grid."""
        column = _cell(x, self.grid.across_values, self.columns)
        row = _cell(y, self.grid.down_values, self.rows)
        return None if column is None or row is None else (column, row)

    def across_ticks(self) -> list[tuple[int, Tick]]:
        """Round numbers along the lower edge, each with its column."""
        return _ticks(self.grid.across_values, self.columns, LABEL_EVERY[0])

    def down_ticks(self) -> list[tuple[int, Tick]]:
        """The same along the left edge, each with its row."""
        return _ticks(self.grid.down_values, self.rows, LABEL_EVERY[1])


def largest_plane(grid: Grid, width: int, height: int) -> Plane:
    """The largest one that fits.

    Args:
        grid: With places of its rows and columns.
        width: Cells there are.
        height: Rows there are.
    """
    shape = PIXELS * _length(grid.across_values) / _length(grid.down_values)
    rows = max(1, min(height, floor(width / shape)))
    return Plane(grid, max(1, min(width, round(rows * shape))), rows)


def _length(places: Sequence[float]) -> float:
    return abs(places[-1] - places[0]) or 1.0


def _place(number: int, cells: int, places: int) -> float:
    """Where the middle of a cell lies among evenly spaced places, the first at 0."""
    return (number + 0.5) / cells * (places - 1)


def _between(values: Sequence[Sequence[float | None]], y: float, x: float) -> float | None:
    top, left = min(int(y), len(values) - 2), min(int(x), len(values[0]) - 2)
    below, right = y - top, x - left
    corners = (
        (values[top][left], (1 - below) * (1 - right)),
        (values[top][left + 1], (1 - below) * right),
        (values[top + 1][left], below * (1 - right)),
        (values[top + 1][left + 1], below * right),
    )
    total = 0.0
    for value, weight in corners:
        if value is None or not isfinite(value):
            return None
        total += weight * value
    return total


def _cell(value: float, places: Sequence[float], cells: int) -> int | None:
    share = (value - places[0]) / ((places[-1] - places[0]) or 1.0)
    return min(int(share * cells), cells - 1) if 0 <= share <= 1 else None


def _ticks(places: Sequence[float], cells: int, every: int) -> list[tuple[int, Tick]]:
    low, high = min(places[0], places[-1]), max(places[0], places[-1])
    found = [(_cell(tick.at, places, cells), tick) for tick in linear_ticks(low, high, max(2, 1 + cells // every))]
    return [(cell, tick) for cell, tick in found if cell is not None]
