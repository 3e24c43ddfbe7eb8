"""Where the data lies in the cells: the ranges of both axes, their ticks, and which cell a point falls in."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

from tp1tui.tui.plots.axis import Tick, linear_ticks, log_ticks, rounded_log_range, rounded_range, whole_ticks
from tp1tui.tui.plots.chart import Chart

MIN_COLUMNS = 8
MIN_ROWS = 2
TINY = 1e-300
"""Positive numbers below it have too few digits to be told apart, and count as 0."""
HUGE = 1e300
"""Beyond it, a number is drawn no more than infinity is: the axis around it would not fit in a float."""


@dataclass(frozen=True)
class Frame:
    """The canvas inside the axes: `columns` x `rows` cells, beginning right of `left` and at the top."""

    left: int
    columns: int
    rows: int
    x: tuple[float, float]
    y: tuple[float, float]
    """In drawn units: powers of ten on a log scale."""
    log_y: bool
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]

    def column(self, x: float) -> int:
        """Of the whole grid, counted from 0 at its left."""
        return self.left + _place(x, self.x, self.columns)

    def row(self, drawn_y: float) -> int:
        """Counted from 0 at the top."""
        return self.rows - 1 - _place(drawn_y, self.y, self.rows)

    def drawn(self, y: float) -> float | None:
        """A value as it is drawn; None where it cannot be: not finite, or not positive on a log scale."""
        if not abs(y) <= HUGE or (self.log_y and y <= TINY):
            return None
        return log10(y) if self.log_y else y


def frame_of(chart: Chart, width: int, height: int) -> Frame | None:
    """Lay a chart out in width x height cells; None when there is too little room or nothing to draw."""
    rows = height - 2
    low_high = _y_range(chart)
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
    if x_high <= x_low:
        x_high = x_low + 1
    longest = len(f"{x_high:,.0f}") + 3
    x_ticks = whole_ticks(x_low, x_high, max(2, columns // longest))
    drawn = (log10(low), log10(high)) if chart.log_y else (low, high)
    return Frame(left, columns, rows, (x_low, x_high), drawn, chart.log_y, tuple(x_ticks), tuple(y_ticks))


def _margin(chart: Chart) -> int:
    """Cells right of the canvas for the curves' names."""
    longest = max((len(curve.name) for curve in chart.curves), default=0)
    return longest + 1 if longest else 1


def _y_range(chart: Chart) -> tuple[float, float] | None:
    """Round, so that it stays while the data grows and the whole plot need not be drawn again."""
    if chart.y:
        return chart.y
    values = [y for curve in chart.curves for stretch in curve.stretches for _, y in stretch if abs(y) <= HUGE]
    if chart.log_y:
        values = [y for y in values if y > TINY]
    if not values:
        return None
    if chart.band:
        values += [chart.band.low, chart.band.high]
    low, high = min(values), max(values)
    if chart.log_y:
        return rounded_log_range(low, high)
    if 0 <= low < high / 3:
        low = 0.0
    if high - low <= max(abs(high) * 1e-9, TINY):
        pad = abs(high) / 10 or 1.0
        return low - pad, high + pad
    return rounded_range(low, high)


def _place(value: float, limits: tuple[float, float], cells: int) -> int:
    low, high = limits
    return round((value - low) / (high - low) * (cells - 1))
