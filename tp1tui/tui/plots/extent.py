"""How far the y axis of a chart reaches."""

from __future__ import annotations

from collections.abc import Iterable
from math import log10

from tp1tui.tui.plots.axis import rounded_log_range, rounded_range
from tp1tui.tui.plots.chart import Chart, Curve

TINY = 1e-300
"""Positive numbers below it have too few digits to be told apart, and count as 0."""
HUGE = 1e300
"""Beyond it, a number is drawn no more than infinity is: the axis around it would not fit in a float."""
FAR = 2.0
"""Of what the curves span, how far above them a value may lie and still be worth its room."""


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
    values = [value for curve in chart.curves for value in _values(curve, log_y=chart.log_y)]
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
    if high - low <= max(abs(high) * 1e-9, TINY):
        pad = abs(high) / 10 or 1.0
        return low - pad, high + pad
    return rounded_range(low, high)


def _values(curve: Curve, *, log_y: bool) -> Iterable[float]:
    """All that a curve and its shade would draw."""
    for stretch in curve.stretches:
        for _, y in stretch:
            if abs(y) <= HUGE and not (log_y and y <= TINY):
                yield y
    for shade in curve.shade.stretches if curve.shade and not log_y else ():
        for _, low, high in shade:
            yield from (edge for edge in (low, high) if abs(edge) <= HUGE)


def _limit(chart: Chart) -> float:
    """The highest value that a chart which clips will show."""
    known = [list(_values(curve, log_y=chart.log_y)) for curve in chart.curves]
    known = [values for values in known if values]
    lows, highs = sorted(map(min, known)), sorted(map(max, known))
    foot, top = lows[0], highs[(len(highs) - 1) // 4]
    if top <= foot:
        return highs[-1]
    if chart.log_y:
        return float(10 ** min(300.0, log10(top) + FAR * (log10(top) - log10(foot))))
    return top + FAR * (top - foot)
