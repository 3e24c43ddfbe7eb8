"""The two plots of a sweep: a figure of all of its points, one over the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tp1tui.journal.sweep_record import Point
from tp1tui.journal.sweep_results import CurveFigure, Over
from tp1tui.tui.plots.axis import next_round, rounded_range
from tp1tui.tui.plots.chart import Chart, Curve, Role, line_role, line_sign
from tp1tui.tui.plots.series import shade, stretches
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line, Tone
from tp1tui.tui.sweep.names import point_words, seed_words, short_name
from tp1tui.tui.sweep.watch import SweepWatch
from tp1tui.tui.text import loss, percent

Kind = Literal["loss", "top1"]
Split = Literal["test", "train"]
BANDS = 3
"""Points whose deviations are all drawn; of more, only that of the one that is looked at."""
NAMED = 12
"""Curves that are named at their ends; of more, only the letters stand there."""
NOTHING_YET = "The first points come when the first untrained network is measured."
_FIGURES: dict[tuple[Split, Kind], CurveFigure] = {
    ("test", "loss"): "test_loss",
    ("test", "top1"): "test_top1",
    ("train", "loss"): "train_loss",
    ("train", "top1"): "train_top1",
}


@dataclass(frozen=True)
class Aspect:
    """What of a sweep is looked at, and how."""

    split: Split = "test"
    over: Over = "epoch"
    log_y: bool = False
    """Of the losses."""
    lit: str = "0"
    """The row of the table under the cursor (`SweepWatch.point`)."""


def plot(watch: SweepWatch, kind: Kind, aspect: Aspect, dots: int) -> Plot:
    """A figure of every point, the one that is looked at over the others.

    Args:
        watch: The sweep.
        kind: Which figure.
        aspect: On what, over what.
        dots: Places side by side that the plot can tell apart.
    """
    figure = _FIGURES[(aspect.split, kind)]
    curves = [_curve(watch, number, figure, aspect, dots) for number in range(len(watch.points))]
    lit = _lit(watch, figure, aspect, dots)
    name_room = max((len(_end(watch, number)) for number in range(len(watch.points))), default=0)
    chart = Chart(
        x=_x_axis(watch, figure, aspect.over),
        curves=(*curves, *lit),
        log_y=aspect.log_y and kind == "loss",
        whole_x=aspect.over != "second",
        x_name={"epoch": "epoch", "step": "step", "second": "seconds"}[aspect.over],
        clips=kind == "loss",
        name_room=name_room,
        empty=NOTHING_YET,
    )
    on: Line = ((f"on {aspect.split}", Tone.DIM),)
    return Plot(
        (on, *_legend(watch, figure, aspect, point_words)), (on, *_legend(watch, figure, aspect, short_name)), chart
    )


def _curve(watch: SweepWatch, number: int, figure: CurveFigure, aspect: Aspect, dots: int) -> Curve:
    line = watch.line(str(number), figure, aspect.over)
    banded = len(watch.points) <= BANDS
    return Curve(
        name="" if aspect.lit == str(number) else _end(watch, number),
        role=line_role(number),
        stretches=stretches(line, dots) if line else (),
        sign=line_sign(number) if len(watch.points) > 1 else "",
        shade=shade(line, dots) if line and banded else None,
    )


def _lit(watch: SweepWatch, figure: CurveFigure, aspect: Aspect, dots: int) -> tuple[Curve, ...]:
    """The curve under the cursor once more, over all others."""
    line = watch.line(aspect.lit, figure, aspect.over)
    if line is None or len(watch.members) < 2 or (len(watch.points) == 1 and "." not in aspect.lit):
        return ()
    number, _, seed = aspect.lit.partition(".")
    point = watch.point(aspect.lit)
    name = seed_words(point.members[0]) if point and seed else _end(watch, int(number))
    banded = len(watch.points) <= BANDS or bool(seed)
    surface = None if banded else shade(line, dots)
    return (Curve(name, Role.LIT, stretches(line, dots), dotted=True, covers=True, shade=surface),)


def _end(watch: SweepWatch, number: int) -> str:
    """What stands at the end of a point's curve."""
    if len(watch.points) == 1:
        return short_name(watch.points[0])
    return (
        f"{line_sign(number)} {short_name(watch.points[number])}" if len(watch.points) <= NAMED else line_sign(number)
    )


def _legend(watch: SweepWatch, figure: CurveFigure, aspect: Aspect, name: Callable[[Point], str]) -> tuple[Line, ...]:
    """The curve under the cursor, and how it stands."""
    point, line = watch.point(aspect.lit), watch.line(aspect.lit, figure, aspect.over)
    if point is None or line is None:
        return ()
    number, _, seed = aspect.lit.partition(".")
    words = f"{name(watch.points[int(number)])}{f', {seed_words(point.members[0])}' if seed else ''}"
    sign = line_sign(int(number)) if len(watch.points) > 1 else "━"
    last = (loss if figure.endswith("loss") else percent)(line.y[-1] if line.y else None)
    deviation = f" ± {line.spread[-1]:.2g}" if line.spread and line.spread[-1] else ""
    return (((f"{sign} {words}  ", Role.LIT), (f"{last}{deviation}", None)),)


def _x_axis(watch: SweepWatch, figure: CurveFigure, over: Over) -> tuple[float, float]:
    """From the beginning to a round end that leaves the curves some room to grow, and none once all is over."""
    lines = (watch.line(str(number), figure, over) for number in range(len(watch.points)))
    reached = max((line.x[-1] for line in lines if line and line.x), default=0.0)
    is_over = watch.state not in ("running", "paused", "queued")
    match over:
        case "second":
            return 0.0, (rounded_range(0.0, reached)[1] if reached > 0 and not is_over else reached or 1.0)
        case "epoch":
            return 0.0, max(1.0, reached if is_over else min(watch.epochs, next_round(reached + 0.5)))
    return 0.0, max(1.0, reached if is_over else min(watch.steps, next_round(reached + 1)))
