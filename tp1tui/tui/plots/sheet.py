"""A plot as it is put on paper: every point of it, what it is called, and where it is saved."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import ceil, floor
from pathlib import Path

from tp1tui.tui.plots.chart import Chart
from tp1tui.tui.plots.quantity import Quantity
from tp1tui.tui.plots.sight import Range

PLOTS = "plots"
"""The folder, in that of a run, that plots are saved in."""
KINDS = (".svg", ".png")
"""Of files that a plot can be saved as."""


@dataclass(frozen=True)
class Sheet:
    """What is put on paper. Pickled, it travels to the process that draws."""

    title: str
    chart: Chart
    """Its x axis is what was in sight."""
    quantity: Quantity
    part: str = ""
    """Which part of the whole that is: `12–20 of 30`; empty for all of it."""
    spot_word: str = "best"
    """What a marked point is called."""


def sheet_of(title: str, chart: Chart, quantity: Quantity, window: Range | None) -> Sheet:
    """Put what is in sight on a sheet.

    Args:
        title: What is shown, and of which run.
        chart: With every point of what is in sight.
        quantity: What lies up the plot.
        window: What is in sight; None for the whole plot.
    """
    word = "lowest" if quantity.name.endswith("loss") else "highest"
    if window is None:
        return Sheet(title, chart, quantity, spot_word=word)
    return Sheet(title, replace(chart, x=window), quantity, _part(chart, window), word)


def file_stem(run: str, plot: str, sheet: Sheet) -> str:
    """A file's name without its kind: `cd18-baseline_k3f9-loss-epochs-12-20`.

    Args:
        run: Its short name.
        plot: What the plot shows.
        sheet: Tells the rest: a log scale, and which part.
    """
    words = [plot, *(["log"] if sheet.chart.log_y else [])]
    if sheet.part:
        words += [f"{sheet.chart.x_name}s", sheet.part.partition(" of ")[0]]
    return "-".join([run, *(re.sub(r"[^a-z0-9.]+", "-", word.lower()).strip("-") for word in words)])


def paths(place: Path, stem: str) -> list[Path]:
    """The files of a plot, one of each kind."""
    return [place / f"{stem}{kind}" for kind in KINDS]


def _part(chart: Chart, window: Range) -> str:
    low, high = window
    if chart.whole_x:
        return f"{ceil(low):,}–{floor(high):,} of {chart.x[1]:,.0f}"
    return f"{low:.4g}–{high:.4g} of {chart.x[1]:.4g}"
