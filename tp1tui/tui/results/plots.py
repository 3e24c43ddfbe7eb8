"""A series of results as a plot under its legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from math import inf, isfinite
from typing import Literal

from tp1tui.spec.results import Axis, Series
from tp1tui.spec.results import Line as SeriesLine
from tp1tui.tui.plots.axis import rounded_log_range, rounded_range
from tp1tui.tui.plots.chart import Chart, Curve, Role, Shade, line_role, line_sign
from tp1tui.tui.plots.draw import draw
from tp1tui.tui.plots.envelope import Stretch
from tp1tui.tui.plots.glyphs import sign_drawn
from tp1tui.tui.plots.quantity import Quantity
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.sideways import Drawn
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line, flowed, width_of, wrapped

_Point = tuple[float, float, float]
"""Along the axis, up it, and how far around that the band goes."""
LEAST, MOST = 8, 20
"""Rows of a plot."""
DOTS = 2
"""Places side by side in a cell."""


def draw_series(series: Series, width: int, height: int, ink: Ink) -> Drawn:
    """The lines of a series with their names over them.

    Args:
        series: What to show.
        width: Cells there are.
        height: Rows that are in sight at once.
        ink: What to draw with.
    """
    legend = _legend(series, width, ink)
    rows = max(LEAST, min(MOST, height - len(legend) - 2))
    plot: list[Line] = [tuple(row) for row in draw(_chart(series, Sight(width * DOTS)), width, rows, ink.glyphs)]
    across, up = _named(series.x), _named(series.y)
    if up not in _plain(plot[0]):
        plot = [*wrapped(up, Role.LABEL, width), *plot]
    if across not in _plain(plot[-1]):
        plot += [((" " * (width - width_of(line)), None), *line) for line in wrapped(across, Role.LABEL, width)]
    return Drawn([*legend, *plot])


def series_plot(series: Series, sight: Sight) -> Plot:
    """A series as a plot that can be zoomed and read off."""
    several = len(series.lines) > 1
    legend: list[Line] = []
    for number, line in enumerate(series.lines):
        letter = f"{line_sign(number)} " if several else ""
        legend.append(((f"━ {letter}", line_role(number)), (_called(line), None)))
    quantity = Quantity(series.y.name, series.y.unit)
    return Plot(tuple(legend), tuple(legend), replace(_chart(series, sight), y_name=""), quantity)


def _plain(line: Line) -> str:
    return "".join(text for text, _ in line)


def _chart(series: Series, sight: Sight) -> Chart:
    curves = tuple(_curve(line, number, series, sight) for number, line in enumerate(series.lines))
    places = [
        x
        for line in series.lines
        for x, y in zip(line.x, line.y, strict=True)
        if isfinite(x) and isfinite(y) and (x > 0 or series.x.scale == "linear")
    ]
    return Chart(
        x=_x_range(places, series.x.scale),
        curves=curves,
        log_x=series.x.scale == "log",
        log_y=series.y.scale == "log",
        whole_x=bool(places) and all(x == int(x) for x in places) and max(places) - min(places) > 1,
        x_name=_named(series.x),
        y_name=_named(series.y),
        empty="There is nothing in it that can be drawn.",
    )


def _curve(line: SeriesLine, number: int, series: Series, sight: Sight) -> Curve:
    spreads = line.spread or (0.0,) * len(line.x)
    points = sorted(
        (x, y, spread)
        for x, y, spread in zip(line.x, line.y, spreads, strict=True)
        if isfinite(x) and (x > 0 or series.x.scale == "linear")
    )
    parts = _parts(points)
    several = len(series.lines) > 1
    return Curve(
        "",
        line_role(number),
        tuple(_seen([(x, y) for x, y, _ in part], sight) for part in parts),
        dotted=len(points) == 1,
        sign=line_sign(number) if several else "",
        shade=_shade(parts) if line.spread else None,
        label=line.name,
    )


def _parts(points: Sequence[_Point]) -> list[list[_Point]]:
    """Points between which a line may go: none where a value is no number."""
    known = groupby(points, key=lambda point: isfinite(point[1]))
    return [list(part) for is_finite, part in known if is_finite]


def _shade(parts: Sequence[Sequence[_Point]]) -> Shade:
    return Shade(tuple(tuple((x, y - off, y + off) for x, y, off in part if isfinite(off)) for part in parts))


def _seen(stretch: Stretch, sight: Sight) -> Stretch:
    """The lowest and the highest of every few points in sight, where there are more than a plot can tell apart."""
    stretch = stretch[sight.slice_of([x for x, _ in stretch])]
    together = len(stretch) // max(1, sight.dots)
    if together < 2:
        return stretch
    kept: Stretch = []
    for start in range(0, len(stretch), together):
        part = stretch[start : start + together]
        ends = {min(part, key=lambda point: point[1]), max(part, key=lambda point: point[1])}
        kept += sorted(ends)
    return kept


def _x_range(places: Sequence[float], scale: Literal["linear", "log"]) -> tuple[float, float]:
    low, high = min(places, default=inf), max(places, default=-inf)
    if not low < high:
        return (low / 2, low * 2) if scale == "log" and isfinite(low) else (low - 1, low + 1) if places else (0, 1)
    return rounded_log_range(low, high) if scale == "log" else _tight(low, high)


def _tight(low: float, high: float) -> tuple[float, float]:
    """Round ends, but none that leaves a tenth of the plot empty."""
    round_low, round_high = rounded_range(low, high)
    bearable = (high - low) / 10
    return (round_low if low - round_low <= bearable else low), (round_high if round_high - high <= bearable else high)


def _legend(series: Series, width: int, ink: Ink) -> list[Line]:
    """The lines' names, each after its sign, in as many lines as they take."""
    items: list[Line] = []
    for number, line in enumerate(series.lines):
        role = line_role(number)
        letter = f"{line_sign(number)} " if len(series.lines) > 1 else ""
        item: Line = ((f"{sign_drawn('━', role, ink.glyphs)} {letter}", role), (_called(line), None))
        items += [item] if width_of(item) <= width else wrapped(f"{letter}{_called(line)}", role, width)
    lines = flowed(items, width)
    if any(line.spread for line in series.lines):
        lines += wrapped("Around each line: the standard deviation.", Role.LABEL, width)
    return lines


def _called(line: SeriesLine) -> str:
    """Its name, and of how many places nothing can be drawn: `train (not finite at 2 of 10)`."""
    missing = sum(not isfinite(y) for y in line.y)
    return f"{line.name} (not finite at {missing:,} of {len(line.y):,})" if missing else line.name


def _named(axis: Axis) -> str:
    unit = f" ({axis.unit})" if axis.unit else ""
    return f"{axis.name}{unit}{', log' if axis.scale == 'log' else ''}"
