"""What stands over a plot of overlaid lines: what is seen, how smooth, and how the line under the cursor stands."""

from __future__ import annotations

from math import isfinite

from tp1tui.spec.results import Line as Values
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.overlay.metric import METRICS, Metric
from tp1tui.tui.plots.chart import Role
from tp1tui.tui.run.lines import Line, Tone


def view_words(metric: Metric, aspect: Aspect) -> tuple[Line, ...]:
    """`on test, smoothed 0.9`: on which set, and what was done to the lines; nothing where there is nothing to say."""
    words = [f"on {aspect.split}"] if METRICS[metric].by_split else []
    words += [smoothing_words(aspect.weight)] if aspect.weight else []
    return (((", ".join(words), Tone.DIM),),) if words else ()


def smoothing_words(weight: float) -> str:
    """`smoothed 0.9`."""
    return f"smoothed {weight:g}"


def standing(name: str, line: Values, metric: Metric) -> Line:
    """A line by its name, and the last value that was measured, with its deviation."""
    last = METRICS[metric].text(line.y[-1] if line.y else None)
    spread = line.spread[-1] if line.spread else 0.0
    deviation = f" ± {spread:.2g}" if spread and isfinite(spread) else ""
    return ((f"{name}  ", Role.LIT), (f"{last}{deviation}", None))
