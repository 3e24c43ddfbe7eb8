"""The plots of a sweep: a figure of all of its points, one over the other."""

from __future__ import annotations

from collections.abc import Callable

from tp1tui.journal.epoch_curves import CurveFigure
from tp1tui.journal.sweep_record import Point
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.overlay.chart import Overlaid, Span, chart
from tp1tui.tui.overlay.legend import standing, view_words
from tp1tui.tui.overlay.metric import Metric, figure_of, quantity
from tp1tui.tui.plots.chart import line_sign
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line
from tp1tui.tui.sweep.names import point_words, seed_words, short_name
from tp1tui.tui.sweep.watch import SweepWatch

BANDS = 3
"""Points whose deviations are all drawn; of more, only that of the one that is looked at."""
NAMED = 12
"""Curves that are named at their ends; of more, only the letters stand there."""


def plot(watch: SweepWatch, metric: Metric, aspect: Aspect, sight: Sight) -> Plot:
    """A figure of every point, the one that is looked at over the others.

    Args:
        watch: The sweep.
        metric: Which figure.
        aspect: On what, over what, how smooth.
        sight: What of the plot is looked at.
    """
    figure = figure_of(metric, aspect.split)
    lines = [_overlaid(watch, number, figure, aspect) for number in range(len(watch.points))]
    span = Span(watch.steps, watch.epochs, is_over=watch.state not in ("running", "paused", "queued"))
    drawn = chart(lines, _lit(watch, figure, aspect), metric, aspect, span, sight)
    view = view_words(metric, aspect)
    return Plot(
        (*view, *_legend(watch, metric, aspect, point_words)),
        (*view, *_legend(watch, metric, aspect, short_name)),
        drawn,
        quantity(metric, aspect.split),
    )


def _overlaid(watch: SweepWatch, number: int, figure: CurveFigure, aspect: Aspect) -> Overlaid:
    return Overlaid(
        number=number,
        sign=line_sign(number) if len(watch.points) > 1 else "",
        end="" if aspect.lit == str(number) else _end(watch, number),
        called=point_words(watch.points[number]),
        line=watch.line(str(number), figure, aspect.over),
        shaded=len(watch.points) <= BANDS,
    )


def _lit(watch: SweepWatch, figure: CurveFigure, aspect: Aspect) -> Overlaid | None:
    """The curve under the cursor once more, over all others."""
    line = watch.line(aspect.lit, figure, aspect.over)
    if line is None or len(watch.members) < 2 or (len(watch.points) == 1 and "." not in aspect.lit):
        return None
    number, _, seed = aspect.lit.partition(".")
    point = watch.point(aspect.lit)
    name = seed_words(point.members[0]) if point and seed else _end(watch, int(number))
    banded = len(watch.points) <= BANDS or bool(seed)
    called = f"{point_words(watch.points[int(number)])}, {name}" if seed else ""
    return Overlaid(int(number), "", name, line, called=called, shaded=not banded)


def _end(watch: SweepWatch, number: int) -> str:
    """What stands at the end of a point's curve."""
    if len(watch.points) == 1:
        return short_name(watch.points[0])
    return (
        f"{line_sign(number)} {short_name(watch.points[number])}" if len(watch.points) <= NAMED else line_sign(number)
    )


def _legend(watch: SweepWatch, metric: Metric, aspect: Aspect, name: Callable[[Point], str]) -> tuple[Line, ...]:
    """The curve under the cursor, and how it stands."""
    point, line = watch.point(aspect.lit), watch.line(aspect.lit, figure_of(metric, aspect.split), aspect.over)
    if point is None or line is None:
        return ()
    number, _, seed = aspect.lit.partition(".")
    words = f"{name(watch.points[int(number)])}{f', {seed_words(point.members[0])}' if seed else ''}"
    sign = line_sign(int(number)) if len(watch.points) > 1 else "━"
    return (standing(f"{sign} {words}", line, metric),)
