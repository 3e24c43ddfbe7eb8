"""A chart as rows of text: the one function that screens call."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from tp1tui.tui.plots.canvas import Canvas, Run
from tp1tui.tui.plots.chart import Chart, Curve, Role
from tp1tui.tui.plots.clip import Point, drawn_lines
from tp1tui.tui.plots.frame import Frame, frame_of
from tp1tui.tui.plots.glyphs import GLYPHS, Glyphs, GlyphSet
from tp1tui.tui.plots.many import put_leaving, put_shades, put_signs
from tp1tui.tui.plots.raster import rasterize

DOT_DISTANCE = 4
"""Cells from one dot of a dotted curve to the next, at least."""
NAME_GAP = 2
"""Cells between an axis's name and the numbers beside it."""


@dataclass(frozen=True)
class Drawing:
    """A chart that is drawn, and where in it the data lies."""

    rows: list[list[Run]]
    frame: Frame | None
    """None where there is nothing to draw, or no room."""


def draw(chart: Chart, width: int, height: int, glyphs: Glyphs = Glyphs.BRAILLE) -> list[list[Run]]:
    """Draw a chart; for the arguments see `drawing`.

    Returns:
        `height` rows of runs (text, role), each `width` cells wide.
    """
    return drawing(chart, width, height, glyphs).rows


def drawing(chart: Chart, width: int, height: int, glyphs: Glyphs = Glyphs.BRAILLE) -> Drawing:
    """Draw a chart, to be pointed at.

    Args:
        chart: What to show.
        width: Cells from left to right.
        height: Rows; the two lowest are the x axis and its labels.
        glyphs: Which characters to draw with.
    """
    canvas = Canvas(max(0, width), max(0, height))
    frame = frame_of(chart, width, height)
    if frame is None:
        room = bool(chart.curves) and any(curve.stretches for curve in chart.curves)
        _centre(canvas, "no room for this plot" if room else chart.empty)
        return Drawing(canvas.rows(), None)
    characters = GLYPHS[glyphs]
    rasterize(chart, frame, characters, canvas)
    put_shades(canvas, chart, frame, characters)
    _dots(canvas, chart, frame, characters)
    put_signs(canvas, chart, frame)
    put_leaving(canvas, chart, frame, characters)
    _spots(canvas, chart, frame, characters)
    _names(canvas, chart, frame)
    _marks(canvas, chart, frame, characters)
    _band(canvas, chart, frame, characters)
    _axis_names(canvas, chart, frame)
    return Drawing(canvas.rows(), frame)


def _dots(canvas: Canvas, chart: Chart, frame: Frame, glyphs: GlyphSet) -> None:
    """Dots on a curve's points, or on some of them, so that some of the line shows between two."""
    for curve in chart.curves:
        taken = -DOT_DISTANCE
        for x, y in (point for stretch in curve.stretches for point in stretch) if curve.dotted else ():
            cell = frame.cell(x, y)
            if cell is not None and cell[0] - taken >= DOT_DISTANCE:
                taken = cell[0]
                canvas.put(*cell, glyphs.dot, curve.role)


def _spots(canvas: Canvas, chart: Chart, frame: Frame, glyphs: GlyphSet) -> None:
    for spot in chart.spots:
        cell = frame.cell(spot.x, spot.y)
        if cell is not None:
            canvas.put(*cell, glyphs.spot, spot.role)


def _names(canvas: Canvas, chart: Chart, frame: Frame) -> None:
    """Each curve's name right of its last point, on the nearest free row."""
    for curve in reversed(chart.curves):
        end = _end(curve, frame) if curve.name else None
        if end is None:
            continue
        column = frame.column(end[0]) + 2
        row = min(max(0, frame.row(end[1])), frame.rows - 1)
        length = len(curve.name)
        free = [near for near in _nearest(row, frame.rows) if canvas.is_blank(column - 1, near, length + 1)]
        canvas.put(column, free[0] if free else row, curve.name, curve.role)


def _end(curve: Curve, frame: Frame) -> Point | None:
    """Where a curve ends, in drawn units: at its last point, or where it goes out of sight on the right."""
    last = next((point for stretch in reversed(curve.stretches) for point in reversed(stretch)), None)
    place = (frame.drawn_x(last[0]), frame.drawn(last[1])) if last else (None, None)
    if place[0] is None or place[1] is None or place[0] < frame.x[0]:
        return None
    if place[0] <= frame.x[1]:
        return place[0], place[1]
    return next((line[-1] for line in reversed(list(drawn_lines(curve, frame)))), None)


def _axis_names(canvas: Canvas, chart: Chart, frame: Frame) -> None:
    """Where there is room: along x between the last of its numbers, of y in the upper left corner."""
    row, length = frame.rows + 1, len(chart.x_name)
    for start in range(canvas.width - length - NAME_GAP, frame.left, -1):
        room = min(length + 2 * NAME_GAP, canvas.width - start)
        if canvas.is_blank(start, row, room, ignore=" "):
            canvas.put(start + NAME_GAP, row, chart.x_name, Role.LABEL)
            break
    if canvas.is_blank(frame.left, 0, len(chart.y_name) + 2):
        canvas.put(frame.left + 1, 0, chart.y_name, Role.LABEL)


def _marks(canvas: Canvas, chart: Chart, frame: Frame, glyphs: GlyphSet) -> None:
    """Upright lines behind the curves, each with its label beside it, as high as there is room."""
    marks = [
        (frame.column(place), mark)
        for mark in chart.marks
        if (place := frame.drawn_x(mark.x)) is not None and frame.x[0] <= place <= frame.x[1]
    ]
    for column, mark in marks:
        for row in range(frame.rows):
            canvas.put_behind(column, row, glyphs.upright, mark.role)
    for column, mark in marks:
        length = len(mark.label)
        right, left = column + 1, column - length
        places = [
            (start, row)
            for row in range(frame.rows)
            for start, blank_from in ((right, column), (left, left - 1))
            if left > frame.left or start == right
            if canvas.is_blank(blank_from, row, length + 2, ignore=glyphs.upright)
        ]
        if places and length:
            canvas.put(*places[0], mark.label, mark.role)


def _band(canvas: Canvas, chart: Chart, frame: Frame, glyphs: GlyphSet) -> None:
    if chart.band is None:
        return
    low, high = frame.drawn(chart.band.low), frame.drawn(chart.band.high)
    if low is None or high is None:
        return
    top, bottom = frame.row(min(high, frame.y[1])), frame.row(max(low, frame.y[0]))
    if bottom < 0 or top >= frame.rows or top > bottom:
        return
    label = chart.band.label
    starts = range(frame.left + 1, frame.left + frame.columns - len(label) - 1)
    places = ((start, row) for row in (top, bottom) for start in starts)
    place = next(((x, y) for x, y in places if canvas.is_blank(x - 1, y, len(label) + 2)), None)
    if place:
        canvas.put(*place, label, Role.BAND)
    for row in {top, bottom}:
        canvas.put_behind(frame.left, row, glyphs.band * frame.columns, Role.BAND)


def _centre(canvas: Canvas, text: str) -> None:
    lines = wrap(text, max(1, canvas.width))[: canvas.height]
    for row, line in enumerate(lines, start=(canvas.height - len(lines)) // 2):
        canvas.put((canvas.width - len(line)) // 2, row, line, Role.LABEL)


def _nearest(row: int, rows: int) -> list[int]:
    return sorted(range(rows), key=lambda other: abs(other - row))
