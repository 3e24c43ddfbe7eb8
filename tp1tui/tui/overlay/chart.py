"""Lines one over the other as a chart: each in its colour and with its letter, one of them over all others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from tp1tui.journal.epoch_curves import Over
from tp1tui.spec.results import Line
from tp1tui.tui.overlay.aspect import AXIS_NAMES, Aspect
from tp1tui.tui.overlay.batches import BatchLine
from tp1tui.tui.overlay.metric import METRICS, Metric
from tp1tui.tui.overlay.smoothing import smoothed_line
from tp1tui.tui.plots.axis import next_round, rounded_range
from tp1tui.tui.plots.chart import LINES, Chart, Curve, Role, Shade, Spot, faint, line_role
from tp1tui.tui.plots.envelope import Stretch
from tp1tui.tui.plots.series import shade, stretches
from tp1tui.tui.plots.sight import Sight

NOTHING_YET = "The first points come when the first untrained network is measured."
NEVER = "None of these runs has measured this."


@dataclass(frozen=True)
class Overlaid:
    """One of several lines."""

    number: int
    """Its place, which gives its colour."""
    sign: str
    """Its letter; empty for a lone line."""
    end: str
    """What stands at its end."""
    line: Line | BatchLine | None
    """None while nothing is known of it."""
    called: str = ""
    """What it is called where values are read off; empty for a line that is drawn once more."""
    shaded: bool = False
    """Whether its spread is drawn."""
    dotted: bool = False
    """Whether dots stand on its points."""


@dataclass(frozen=True)
class Span:
    """How far the x axis may reach."""

    steps: int
    """Of the longest run."""
    epochs: int
    is_over: bool
    """Whether nothing grows any more."""


def chart(
    lines: Sequence[Overlaid], lit: Overlaid | None, metric: Metric, aspect: Aspect, span: Span, sight: Sight
) -> Chart:
    """Overlay lines.

    Args:
        lines: In the order in which they are drawn.
        lit: The one that is looked at, which is drawn once more over all others.
        metric: Which figure they show.
        aspect: Over what, on which scale, how smooth.
        span: How far the x axis may reach.
        sight: What of the plot is looked at.
    """
    known = [overlaid.line for overlaid in (*lines, *([lit] if lit else [])) if overlaid.line]
    x = _x_axis(known, aspect.over, span)
    sight = Sight(sight.dots, sight.x or x)
    curves = [_curve(line, aspect, sight) for line in lines]
    raw = _raw(lines, lit, sight) if aspect.weight else ()
    return Chart(
        x=x,
        curves=(*raw, *curves, *([_lit(lit, aspect, sight)] if lit and lit.line else [])),
        log_y=metric in aspect.logs,
        whole_x=aspect.over == "step" or (aspect.over == "epoch" and aspect.split != "batch"),
        x_name=AXIS_NAMES[aspect.over],
        clips=metric == "loss",
        spots=tuple(_best(lines, metric, aspect)),
        name_room=max((len(line.end) for line in lines), default=0),
        empty=NEVER if span.is_over else NOTHING_YET,
    )


def _curve(overlaid: Overlaid, aspect: Aspect, sight: Sight) -> Curve:
    return Curve(
        name=overlaid.end,
        role=line_role(overlaid.number),
        stretches=_seen(overlaid.line, aspect.weight, sight),
        sign=overlaid.sign,
        dotted=overlaid.dotted,
        shade=_shade(overlaid, aspect, sight),
        label=overlaid.called,
    )


def _raw(lines: Sequence[Overlaid], lit: Overlaid | None, sight: Sight) -> Iterator[Curve]:
    """What is smoothed, faint behind it: of all where colours tell them apart, else of the one that is looked at."""
    for overlaid in lines if len(lines) <= len(LINES) else [lit] if lit else []:
        if overlaid.line:
            yield Curve("", faint(line_role(overlaid.number)), _seen(overlaid.line, 0.0, sight), label="")


def _lit(overlaid: Overlaid, aspect: Aspect, sight: Sight) -> Curve:
    drawn, surface = _seen(overlaid.line, aspect.weight, sight), _shade(overlaid, aspect, sight)
    dotted = not isinstance(overlaid.line, BatchLine)
    return Curve(overlaid.end, Role.LIT, drawn, dotted=dotted, covers=True, shade=surface, label=overlaid.called)


def _seen(line: Line | BatchLine | None, weight: float, sight: Sight) -> tuple[Stretch, ...]:
    """What of a line is looked at, smoothed."""
    match line:
        case None:
            return ()
        case BatchLine():
            return line.stretches(sight.x or (0.0, line.reached), sight.dots, weight)
    return stretches(smoothed_line(line, weight), sight)


def _shade(overlaid: Overlaid, aspect: Aspect, sight: Sight) -> Shade | None:
    if not overlaid.shaded or not isinstance(overlaid.line, Line):
        return None
    return shade(smoothed_line(overlaid.line, aspect.weight), sight)


def _best(lines: Sequence[Overlaid], metric: Metric, aspect: Aspect) -> Iterator[Spot]:
    """The best point of all, the earliest of equals, as it was measured and not as it is smoothed."""
    highest = METRICS[metric].highest
    if highest is None or aspect.weight:
        return
    found = [
        (y if highest else -y, -x, overlaid.number)
        for overlaid in lines
        if isinstance(overlaid.line, Line)
        for x, y in zip(overlaid.line.x, overlaid.line.y, strict=True)
        if isfinite(y)
    ]
    if found:
        y, x, number = max(found)
        yield Spot(-x, y if highest else -y, line_role(number))


def _x_axis(lines: Sequence[Line | BatchLine], over: Over, span: Span) -> tuple[float, float]:
    """From the beginning to a round end that leaves the curves some room to grow, and none once all is over."""
    reached = max(map(_reached, lines), default=0.0)
    match over:
        case "second" | "wall":
            return 0.0, (rounded_range(0.0, reached)[1] if reached > 0 and not span.is_over else reached or 1.0)
        case "epoch":
            return 0.0, max(1.0, reached if span.is_over else min(span.epochs, next_round(reached + 0.5)))
    return 0.0, max(1.0, reached if span.is_over else min(span.steps, next_round(reached + 1)))


def _reached(line: Line | BatchLine) -> float:
    if isinstance(line, BatchLine):
        return line.reached
    return line.x[-1] if line.x else 0.0
