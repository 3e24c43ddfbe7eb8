"""Reading values off a plot: which places its curves have, and how high each is at one of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from tp1tui.tui.plots.chart import Chart, Curve
from tp1tui.tui.plots.envelope import Stretch
from tp1tui.tui.plots.frame import Frame


@dataclass(frozen=True)
class Value:
    """How high a curve is."""

    curve: Curve
    x: float
    y: float | None
    """None where the curve has no line."""


def values_at(chart: Chart, x: float) -> list[Value]:
    """Each named curve's nearest point on a line that passes there, in the chart's order."""
    return [_value(curve, x) for curve in chart.curves if curve.called]


def places(chart: Chart) -> list[float]:
    """Where the curves have points, in rising order; whole where the axis is."""
    found = {x for curve in chart.curves if curve.called for stretch in curve.stretches for x, _ in stretch}
    return sorted({float(round(x)) for x in found} if chart.whole_x else found)


def nearest(known: list[float], frame: Frame, column: int) -> float | None:
    """The place that is drawn nearest to a column; None where there are none."""
    return min(known, key=lambda place: abs(_column(frame, place) - column), default=None)


def neighbour(known: list[float], frame: Frame, place: float, by: int) -> float | None:
    """The next place to the right, or with -1 to the left, that is drawn in another column; None beyond the last."""
    column = _column(frame, place)
    if by > 0:
        return next((other for other in known[bisect_right(known, place) :] if _column(frame, other) > column), None)
    before = known[: bisect_left(known, place)]
    return next((other for other in reversed(before) if _column(frame, other) < column), None)


def _column(frame: Frame, x: float) -> int:
    drawn = frame.drawn_x(x)
    return frame.left if drawn is None else frame.column(drawn)


def _value(curve: Curve, x: float) -> Value:
    for stretch in curve.stretches:
        if stretch and stretch[0][0] <= x <= stretch[-1][0]:
            return Value(curve, *_closest(stretch, x))
    return Value(curve, x, None)


def _closest(stretch: Stretch, x: float) -> tuple[float, float]:
    after = bisect_left(stretch, x, key=lambda point: point[0])
    return min(stretch[max(0, after - 1) : after + 1], key=lambda point: abs(point[0] - x))
