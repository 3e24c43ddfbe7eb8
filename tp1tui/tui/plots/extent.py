"""How far the y axis of a chart reaches: as far as what lies within its x axis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import log10

from tp1tui.tui.plots.axis import rounded_log_range, rounded_range
from tp1tui.tui.plots.chart import Chart, Curve
from tp1tui.tui.plots.envelope import Stretch

TINY = 1e-300
"""Positive numbers below it have too few digits to be told apart, and count as 0."""
HUGE = 1e300
"""Beyond it, a number is drawn no more than infinity is: the axis around it would not fit in a float."""
FAR = 2.0
"""Of what the curves span, how far above them a value may lie and still be worth its room."""
NOTHING = 0.05
"""Of a value, what two curves that have but begun may differ by and still begin together: at a network's first loss."""


def y_range(chart: Chart) -> tuple[float, float] | None:
    """Lowest and highest value of a chart's y axis; None when there is nothing to draw.

    Round, so that it stays while the data grows and the whole plot need not be drawn again.

    Of a chart that clips, the upper end follows all curves but those that leave the rest behind: with `foot` the lowest
    value of all and `top` the lower quartile of the curves' highest values, it holds what is at most
    `top + FAR * (top - foot)`. A diverged curve in four leaves the others as they are drawn without it. On a log scale
    the rule holds for the powers of ten.
    """
    if chart.y:
        return chart.y
    values = [value for curve in chart.curves for value in _values(curve, chart)]
    if not values:
        return None
    if chart.clips:
        limit = _limit(chart)
        values = [value for value in values if value <= limit]
    if chart.band:
        values += [chart.band.low, chart.band.high]
    low, high = min(values), max(values)
    if chart.log_y:
        return rounded_log_range(low, high)
    if 0 <= low < high / 3:
        low = 0.0
    if high - low <= max(abs(high) * (NOTHING if _has_only_points(chart) else 1e-9), TINY):
        pad = abs(high) / 10 or 1.0
        return low - pad, high + pad
    return rounded_range(low, high)


def _has_only_points(chart: Chart) -> bool:
    return all(sum(map(len, curve.stretches)) <= 1 for curve in chart.curves)


def _values(curve: Curve, chart: Chart) -> Iterator[float]:
    """All that a curve and its shade would draw."""
    low, high = chart.x
    for stretch in curve.stretches:
        inside = stretch if stretch and low <= stretch[0][0] and stretch[-1][0] <= high else _inside(stretch, chart)
        for _, y in inside:
            if abs(y) <= HUGE and not (chart.log_y and y <= TINY):
                yield y
    for shade in curve.shade.stretches if curve.shade and not chart.log_y else ():
        for x, bottom, top in shade:
            if low <= x <= high:
                yield from (edge for edge in (bottom, top) if abs(edge) <= HUGE)


def _inside(stretch: Stretch, chart: Chart) -> Iterable[tuple[float, float]]:
    """The points of a line within the x axis, and where it enters and leaves."""
    low, high = chart.x
    found = [(x, y) for x, y in stretch if low <= x <= high]
    for before, after in pairwise(stretch):
        found += [(edge, _crossing(before, after, edge, chart)) for edge in (low, high) if before[0] < edge < after[0]]
    return found


def _crossing(before: tuple[float, float], after: tuple[float, float], edge: float, chart: Chart) -> float:
    """How high the line between two points is at an edge, drawn as it is on a log scale."""
    (x, y), (next_x, next_y) = before, after
    part = (log10(edge / x) / log10(next_x / x)) if chart.log_x and x > TINY else (edge - x) / (next_x - x)
    if not chart.log_y:
        return y + part * (next_y - y)
    if min(y, next_y) <= TINY or max(y, next_y) > HUGE:
        return next_y
    return float(y * (next_y / y) ** part)


def _limit(chart: Chart) -> float:
    """The highest value that a chart which clips will show."""
    known = [list(_values(curve, chart)) for curve in chart.curves]
    known = [values for values in known if values]
    lows, highs = sorted(map(min, known)), sorted(map(max, known))
    foot, top = lows[0], highs[(len(highs) - 1) // 4]
    if top <= foot:
        return highs[-1]
    if chart.log_y:
        return float(10 ** min(300.0, log10(top) + FAR * (log10(top) - log10(foot))))
    return top + FAR * (top - foot)
