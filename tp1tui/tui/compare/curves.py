"""The plot of a comparison: one figure of all runs, one over the other."""

from __future__ import annotations

from collections.abc import Callable

from tp1tui.journal.epoch_curves import best_of
from tp1tui.tui.compare.watch import Compared, CompareWatch
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.overlay.chart import Overlaid, chart
from tp1tui.tui.overlay.legend import smoothing_words, standing
from tp1tui.tui.overlay.metric import METRICS, figure_of, metric_words, quantity
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
        line=watch.line(run, figure_of(aspect.metric, aspect.split), aspect.over),
        dotted=run.key == aspect.baseline,
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
    line = watch.line(run, figure_of(aspect.metric, aspect.split), "epoch")
    items.append(standing(f"{run.sign} {name(run)}", line, aspect.metric))
    metric, base = METRICS[aspect.metric], watch.run(aspect.baseline)
    if base and base is not run and line.y:
        against = watch.line(base, figure_of(aspect.metric, aspect.split), "epoch")
        if against.y:
            items.append(((f"{metric.difference(line.y[-1] - against.y[-1])} to {base.sign}", Tone.WARN),))
    best = best_of(line, highest=metric.highest) if metric.highest is not None else None
    if best:
        word = "highest" if metric.highest else "lowest"
        long = ((f"{word} ", Tone.DIM), (f"{metric.text(best[1])} at epoch {best[0]:.0f}", None))
        items.append(((f"{metric.text(best[1])} at {best[0]:.0f}", Tone.DIM),) if brief else long)
    return tuple(items)
