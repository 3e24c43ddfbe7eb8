"""Where the data lies in the cells: the ranges of both axes, their ticks, and which cell a point falls in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log10

from tp1tui.tui.plots.axis import Tick, linear_ticks, log_ticks, whole_ticks
from tp1tui.tui.plots.chart import Chart
from tp1tui.tui.plots.extent import HUGE, TINY, y_range

MIN_COLUMNS = 8
MIN_ROWS = 2
LABEL_GAP = 3
"""Cells between two labels along the x axis, at least."""


@dataclass(frozen=True)
class Frame:
    """The canvas inside the axes: `columns` x `rows` cells, beginning right of `left` and at the top."""

    left: int
    columns: int
    rows: int
    x: tuple[float, float]
    """In drawn units: powers of ten on a log scale."""
    y: tuple[float, float]
    """Likewise."""
    log_x: bool
    log_y: bool
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]

    def column(self, drawn_x: float) -> int:
        """Of the whole grid, counted from 0 at its left."""
        return self.left + _place(drawn_x, self.x, self.columns)

    def row(self, drawn_y: float) -> int:
        """Counted from 0 at the top."""
        return self.rows - 1 - _place(drawn_y, self.y, self.rows)

    def drawn(self, y: float) -> float | None:
        """A value as it is drawn; None where it cannot be: not finite, or not positive on a log scale."""
        return _drawn(y, log=self.log_y)

    def drawn_x(self, x: float) -> float | None:
        """The same along the x axis."""
        return _drawn(x, log=self.log_x)

    def x_at(self, column: int) -> float:
        """The place, in the data's units, that a column of the whole grid stands for; beside the canvas, its end."""
        place = min(max(column - self.left, 0), self.columns - 1) / max(1, self.columns - 1)
        drawn = self.x[0] + place * (self.x[1] - self.x[0])
        return float(10**drawn) if self.log_x else drawn

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """(column, row) of a point in the data's units; None where it cannot be drawn, or lies outside."""
        drawn_x, drawn_y = self.drawn_x(x), self.drawn(y)
        if drawn_x is None or drawn_y is None:
            return None
        if not (self.x[0] <= drawn_x <= self.x[1] and self.y[0] <= drawn_y <= self.y[1]):
            return None
        return self.column(drawn_x), self.row(drawn_y)


def frame_of(chart: Chart, width: int, height: int) -> Frame | None:
    """Lay a chart out in width x height cells; None when there is too little room or nothing to draw."""
    rows = height - 2
    low_high = y_range(chart)
    if rows < MIN_ROWS or low_high is None:
        return None
    low, high = low_high
    most = max(2, (rows + 2) // 3)
    y_ticks = (log_ticks if chart.log_y else linear_ticks)(low, high, most)
    left = max((len(tick.label) for tick in y_ticks), default=0) + 1
    columns = width - left - _margin(chart)
    if columns < MIN_COLUMNS:
        return None
    x_low, x_high = chart.x
    log_x = chart.log_x and x_low > TINY
    if x_high <= x_low:
        x_high = x_low * 10 if log_x else x_low + 1
    make = log_ticks if log_x else whole_ticks if chart.whole_x else linear_ticks
    return Frame(
        left,
        columns,
        rows,
        (log10(x_low), log10(x_high)) if log_x else (x_low, x_high),
        (log10(low), log10(high)) if chart.log_y else (low, high),
        log_x,
        chart.log_y,
        _x_ticks(make, x_low, x_high, columns),
        tuple(tick for tick in y_ticks if _drawn(tick.at, log=chart.log_y) is not None),
    )


def _margin(chart: Chart) -> int:
    """Cells right of the canvas for the curves' names."""
    longest = max((len(curve.name) for curve in chart.curves), default=0)
    longest = max(longest, chart.name_room)
    return longest + 1 if longest else 1


def _x_ticks(
    make: Callable[[float, float, int], list[Tick]], low: float, high: float, columns: int
) -> tuple[Tick, ...]:
    """As many as have room for their labels: long numbers need more of it."""
    longest = len(f"{high:,.0f}")
    while True:
        most = max(2, columns // (longest + LABEL_GAP))
        ticks = make(low, high, most)
        needed = max((len(tick.label) for tick in ticks), default=0)
        if needed <= longest or most == 2:
            return tuple(ticks)
        longest = needed


def _drawn(value: float, *, log: bool) -> float | None:
    if not abs(value) <= HUGE or (log and value <= TINY):
        return None
    return log10(value) if log else value


def _place(value: float, limits: tuple[float, float], cells: int) -> int:
    low, high = limits
    return round((value - low) / (high - low) * (cells - 1))
