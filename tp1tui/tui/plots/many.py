"""What tells many curves in one plot apart: letters on their lines, surfaces around them, arrows where one leaves."""

from __future__ import annotations

from itertools import pairwise

from tp1tui.tui.plots.canvas import Canvas
from tp1tui.tui.plots.chart import Chart
from tp1tui.tui.plots.clip import leaving
from tp1tui.tui.plots.frame import Frame
from tp1tui.tui.plots.glyphs import GlyphSet

SIGN_DISTANCE = 24
"""Cells from one letter on a curve to the next, about."""
STAGGER = 7
"""Cells by which the letters of the next curve are moved, so that they do not stand over one another."""
ARROW_DISTANCE = 4
"""Cells from one arrow of a curve to the next, at least."""


def put_signs(canvas: Canvas, chart: Chart, frame: Frame) -> None:
    """Each curve's letter on some of its points."""
    for number, curve in enumerate(chart.curves):
        wanted = frame.left + 2 + number * STAGGER % SIGN_DISTANCE
        for x, y in (point for stretch in curve.stretches for point in stretch) if curve.sign else ():
            cell = frame.cell(x, y)
            if cell is not None and cell[0] >= wanted:
                wanted = cell[0] + SIGN_DISTANCE
                canvas.put(*cell, curve.sign, curve.role)


def put_shades(canvas: Canvas, chart: Chart, frame: Frame, glyphs: GlyphSet) -> None:
    """The surface around each curve, behind all lines."""
    for curve in chart.curves:
        for stretch in curve.shade.stretches if curve.shade else ():
            for start, end in pairwise(stretch):
                for column, low, high in _columns(frame, start, end):
                    for row in range(max(0, frame.row(high)), min(frame.rows - 1, frame.row(low)) + 1):
                        canvas.put_behind(column, row, glyphs.shade, curve.role)


def put_leaving(canvas: Canvas, chart: Chart, frame: Frame, glyphs: GlyphSet) -> None:
    """An arrow at the edge over or under the values that lie outside."""
    for curve in chart.curves:
        taken = -ARROW_DISTANCE
        for column, over in leaving(curve, frame):
            if column - taken >= ARROW_DISTANCE:
                taken = column
                canvas.put(column, 0 if over else frame.rows - 1, glyphs.above if over else glyphs.below, curve.role)


_Edge = tuple[float, float, float]
"""(x, low, high) in the data's units."""


def _columns(frame: Frame, start: _Edge, end: _Edge) -> list[tuple[int, float, float]]:
    """(column, low, high) in drawn units of every column from one point of a surface to the next."""
    first, last = _drawn(frame, start), _drawn(frame, end)
    if first is None or last is None:
        return []
    left, right = frame.column(first[0]), frame.column(last[0])
    rows: list[tuple[int, float, float]] = []
    for column in range(max(left, frame.left), min(right, frame.left + frame.columns - 1) + 1):
        part = (column - left) / max(1, right - left)
        low, high = (first[side] + part * (last[side] - first[side]) for side in (1, 2))
        if high >= frame.y[0] and low <= frame.y[1]:
            rows.append((column, max(low, frame.y[0]), min(high, frame.y[1])))
    return rows


def _drawn(frame: Frame, edge: _Edge) -> _Edge | None:
    x, low, high = frame.drawn_x(edge[0]), frame.drawn(edge[1]), frame.drawn(edge[2])
    if low is None and high is not None:  # mean less deviation, not positive on a log scale
        low = frame.y[0]
    return None if x is None or low is None or high is None else (x, low, high)
