"""plotext, and nothing else of the program knows it: axes and lines become cells of a canvas.

Each role travels through plotext as a colour of its own and is read back from the escape codes, so that a theme can
give the roles their real colours later. plotext holds one global figure and is imported on the first drawing only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tp1tui.tui.plots.canvas import Canvas
from tp1tui.tui.plots.chart import Chart, Curve, Role
from tp1tui.tui.plots.clip import drawn_lines
from tp1tui.tui.plots.dense import is_dense, put_strokes
from tp1tui.tui.plots.frame import Frame
from tp1tui.tui.plots.glyphs import ASCII_LINES, GlyphSet

_ROLES = list(Role)
_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


def rasterize(chart: Chart, frame: Frame, glyphs: GlyphSet, canvas: Canvas) -> None:
    """Draw axes and lines of a chart at the left top of a canvas."""
    for number, curves in enumerate(_layers(chart.curves)):
        dense = [curve for curve in curves if is_dense(curve, frame, glyphs)]
        lines = [curve for curve in curves if curve not in dense]
        text = _figure(lines, frame, glyphs).build().string()
        for row, line in enumerate(text.splitlines()[: frame.rows + 2]):
            column = 0
            for part, role in _runs(line):
                if role is Role.FRAME and number == 0:
                    canvas.put(column, row, part.translate(glyphs.frame), role)
                elif role not in (Role.FRAME, None):
                    canvas.put(column, row, part, role)
                column += len(part)
        for curve in dense:
            put_strokes(canvas, curve, frame, glyphs)


def _layers(curves: Iterable[Curve]) -> list[list[Curve]]:
    """Curves that may mingle in one cell; one that covers begins a new layer."""
    layers: list[list[Curve]] = [[]]
    for curve in curves:
        if curve.covers:
            layers.append([])
        layers[-1].append(curve)
    return layers


def _figure(curves: Iterable[Curve], frame: Frame, glyphs: GlyphSet) -> Any:
    import plotext

    plotext.terminal.limit(width=False, height=False)
    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.canvas("default")
    figure.plot_size(frame.left + frame.columns, frame.rows + 2)
    figure.axes(active=True, pixel=_pixel(Role.FRAME))
    figure.axes(active=False, side=1)
    ruler = figure.ruler("x")
    ruler.lim(*frame.x).pixel(_pixel(Role.FRAME))
    ruler.ticks([frame.drawn_x(tick.at) for tick in frame.x_ticks], [tick.label for tick in frame.x_ticks])
    ruler = figure.ruler("y")
    ruler.lim(*frame.y).pixel(_pixel(Role.FRAME))
    width = frame.left - 1
    ruler.ticks([frame.drawn(tick.at) for tick in frame.y_ticks], [tick.label.rjust(width) for tick in frame.y_ticks])
    for curve in curves:
        marker = plotext.marker(glyphs.line or ASCII_LINES[curve.role], pixel=_pixel(curve.role))
        for line in drawn_lines(curve, frame):
            xs, ys = ([point[axis] for point in line] for axis in (0, 1))
            figure.draw(figure.signal(xs, ys, marker=marker).lines())
    return figure


def _pixel(role: Role) -> Any:
    import plotext

    return plotext.pixel(foreground=(0, 0, _ROLES.index(role) + 1))


def _runs(line: str) -> Iterator[tuple[str, Role | None]]:
    """A line with escape codes as (text, role); backgrounds and styles are not ours and are left out."""
    role: Role | None = None
    parts = _ESCAPE.split(line)
    for place, part in enumerate(parts):
        if place % 2 == 0:
            if part:
                yield part, role
        elif part in ("", "0"):
            role = None
        elif part.startswith("38;2;0;0;"):
            role = _ROLES[int(part.rsplit(";", 1)[1]) - 1]
