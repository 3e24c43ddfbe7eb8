"""The plot of a comparison: one figure of all runs, one over the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tp1tui.journal.epoch_curves import best_of
from tp1tui.spec.results import Line as Values
from tp1tui.tui.compare.watch import Compared, CompareWatch
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.overlay.batches import BatchLine
from tp1tui.tui.overlay.chart import Overlaid, chart
from tp1tui.tui.overlay.legend import smoothing_words
from tp1tui.tui.overlay.metric import METRICS, figure_of, metric_words, quantity
from tp1tui.tui.plots.chart import Role
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line, Tone

NAMED = 12
"""Curves that are named at their ends; of more, only the letters stand there."""


def plot(watch: CompareWatch, aspect: Aspect, sight: Sight) -> Plot:
    """The chosen figure of every run, the one under the cursor over the others, the baseline with dots.

    Args:
        watch: The runs.
        aspect: Which figure, on what, over what, how smooth.
        sight: What of the plot is looked at.
    """
    lines = [_overlaid(watch, run, aspect) for run in watch.runs]
    lit = watch.run(aspect.lit)
    over_others = _overlaid(watch, lit, aspect, is_lit=True) if lit and len(watch.runs) > 1 else None
    drawn = chart(lines, over_others, aspect.metric, aspect, watch.span, sight)
    return Plot(
        _legend(watch, aspect, lambda run: run.name),
        _legend(watch, aspect, lambda run: run.brief, brief=True),
        drawn,
        quantity(aspect.metric, aspect.split),
    )


def _overlaid(watch: CompareWatch, run: Compared, aspect: Aspect, *, is_lit: bool = False) -> Overlaid:
    end = f"{run.sign} {run.brief}" if len(watch.runs) <= NAMED else run.sign
    return Overlaid(
        number=run.number,
        sign="" if is_lit else run.sign,
        end="" if run.key == aspect.lit and not is_lit and len(watch.runs) > 1 else end,
        called="" if is_lit else run.name,
        line=_line(watch, run, aspect),
        dotted=run.key == aspect.baseline and aspect.split != "batch",  # of which there are too many for dots
    )


def _legend(
    watch: CompareWatch, aspect: Aspect, name: Callable[[Compared], str], *, brief: bool = False
) -> tuple[Line, ...]:
    """What is seen, how the run under the cursor stands, its best, and how far it is from the baseline."""
    words = metric_words(aspect.metric, aspect.split)
    items: list[Line] = [((f"{words}, log" if aspect.metric in aspect.logs else words, Tone.STRONG),)]
    if aspect.weight:
        items.append(((smoothing_words(aspect.weight), Tone.DIM),))
    run = watch.run(aspect.lit)
    if run is None:
        return tuple(items)
    metric, base, last = METRICS[aspect.metric], watch.run(aspect.baseline), _last(watch, run, aspect)
    items.append(((f"{run.sign} {name(run)}  ", Role.LIT), (metric.text(last), None)))
    against = _last(watch, base, aspect) if base and base is not run else None
    if base and last is not None and against is not None:
        items.append(((f"{metric.difference(last - against)} to {base.sign}", Tone.WARN),))
    line = _line(watch, run, replace(aspect, over="epoch"))
    if isinstance(line, BatchLine) or metric.highest is None:
        return tuple(items)
    best = best_of(line, highest=metric.highest)
    if best:
        word = "highest" if metric.highest else "lowest"
        long = ((f"{word} ", Tone.DIM), (f"{metric.text(best[1])} in epoch {best[0]:.0f}", None))
        items.append(((f"{metric.text(best[1])} at {best[0]:.0f}", Tone.DIM),) if brief else long)
    return tuple(items)


def _line(watch: CompareWatch, run: Compared, aspect: Aspect) -> Values | BatchLine:
    if aspect.split == "batch":
        return watch.batch_line(run, aspect.metric, aspect.over)
    return watch.line(run, figure_of(aspect.metric, aspect.split), aspect.over)


def _last(watch: CompareWatch, run: Compared, aspect: Aspect) -> float | None:
    """The last value that was measured; of single batches, which differ much, the last smoothed one."""
    line = _line(watch, run, aspect)
    if isinstance(line, BatchLine):
        return line.latest(aspect.weight)
    return line.y[-1] if line.y else None
