"""A sheet drawn by matplotlib, on white, to be printed: as SVG, whose text stays text, or as PNG.

Run as a program, it draws the sheet that it reads from its standard input, so that no screen waits for it.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from math import inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tp1tui.tui.plots.axis import whole_ticks
from tp1tui.tui.plots.chart import FAINT, LINES, Curve, Role
from tp1tui.tui.plots.extent import y_range
from tp1tui.tui.plots.sheet import Sheet
from tp1tui.tui.themes import LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (7.2, 4.0)
"""Inches."""
DPI = 200
"""Of a PNG."""
MARKED = 40
"""Dots along a curve, about."""
MOST_TICKS = 8
SIGNS = 8
"""Letters along a curve."""
BESIDE = 4
"""Curves from which the legend stands beside the plot."""
_SETS = (Role.TEST, Role.VALIDATION)
STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "path.simplify": True,
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "tp1tui",
}


def draw_on_paper(sheet: Sheet, files: Iterable[Path]) -> None:
    """Draw a sheet into files, each whole or not at all.

    Args:
        sheet: What is drawn.
        files: Where to; the end of each name says as what.

    Raises:
        OSError: A file cannot be written.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        _draw(sheet, figure.add_subplot())
        for file in files:
            draft = file.with_name(f".{file.name}")
            metadata = {"Date": None} if file.suffix == ".svg" else {}
            try:
                figure.savefig(draft, format=file.suffix[1:], dpi=DPI, metadata=metadata)
                draft.replace(file)
            finally:
                with suppress(OSError):
                    draft.unlink(missing_ok=True)


def _draw(sheet: Sheet, axes: Axes) -> None:
    chart, quantity = sheet.chart, sheet.quantity
    axes.set_title(sheet.title, loc="left", fontsize=10)
    part = f" ({sheet.part})" if sheet.part else ""
    axes.set_xlabel(f"{chart.x_name}{part}")
    axes.set_ylabel(f"{quantity.named}{', log scale' if chart.log_y else ''}")
    if chart.log_x:
        axes.set_xscale("log")
    if chart.log_y:
        axes.set_yscale("log")
    for number, curve in enumerate(chart.curves):
        _curve(curve, axes, number)
    _beside_curves(sheet, axes)
    _limits(sheet, axes)
    handles, names = axes.get_legend_handles_labels()
    if len(names) > BESIDE:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), ncols=1 + len(names) // 24)
    elif handles:
        axes.legend(loc="best")


def _curve(curve: Curve, axes: Axes, number: int) -> None:
    """One curve; one that is drawn a second time over the others is left out, as paper has no cursor."""
    if curve.role is Role.LIT and not curve.called:
        return
    xs, ys = _broken(curve)
    if not xs:
        return
    colour, behind = _colour(curve.role), curve.role is Role.RAW or curve.role in FAINT
    look: dict[str, Any] = {"color": colour, "linewidth": 0.6 if behind else 1.4, "zorder": 2 if behind else 3}
    if curve.dotted:
        look |= {"marker": "o", "markersize": 3.5, "markevery": max(1, len(xs) // MARKED)}
    elif curve.sign:
        every = max(1, len(xs) // SIGNS)
        look |= {"marker": f"${curve.sign}$", "markersize": 6, "markevery": (number % every, every)}
    name = curve.called.removeprefix(f"{curve.sign} ") if curve.sign else curve.called
    axes.plot(xs, ys, label=name or None, alpha=0.55 if behind else 1.0, **look)
    for edges in curve.shade.stretches if curve.shade else ():
        places, lows, highs = ([edge[side] for edge in edges] for side in range(3))
        axes.fill_between(places, lows, highs, color=colour, alpha=0.15, linewidth=0)


def _beside_curves(sheet: Sheet, axes: Axes) -> None:
    """What is marked: the best point, where something was switched, what the report found."""
    chart = sheet.chart
    for spot in chart.spots:
        if chart.x[0] <= spot.x <= chart.x[1]:
            word = f"{sheet.spot_word} on {spot.role}" if spot.role in _SETS else sheet.spot_word
            at = f"{word} {sheet.quantity.write(spot.y)} at {chart.x_name} {spot.x:,.6g}".replace("  ", " ")
            look: dict[str, Any] = {"marker": "D", "markersize": 6, "linestyle": "none", "zorder": 5}
            axes.plot([spot.x], [spot.y], color=_colour(spot.role), markeredgecolor="white", label=at, **look)
    for mark in chart.marks:
        if chart.x[0] <= mark.x <= chart.x[1]:
            axes.axvline(mark.x, color=_colour(mark.role), linewidth=0.9, linestyle=":")
            axes.annotate(
                mark.words or mark.label,
                (mark.x, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(3, -2),
                textcoords="offset points",
                va="top",
                fontsize=8,
                color=_colour(mark.role),
            )
    if chart.band:
        axes.axhspan(chart.band.low, chart.band.high, color=_colour(Role.BAND), alpha=0.18, label=chart.band.label)


def _limits(sheet: Sheet, axes: Axes) -> None:
    chart = sheet.chart
    room = (chart.x[1] - chart.x[0]) * 0.01
    axes.set_xlim(chart.x if chart.log_x else (chart.x[0] - room, chart.x[1] + room))
    if reach := y_range(chart):
        axes.set_ylim(*reach)
    if chart.whole_x and not chart.log_x:
        ticks = whole_ticks(*chart.x, MOST_TICKS)
        axes.set_xticks([tick.at for tick in ticks], [tick.label for tick in ticks])


def _broken(curve: Curve) -> tuple[list[float], list[float]]:
    """All points in a row, with a gap wherever no line goes on."""
    points = list(chain.from_iterable((*stretch, (stretch[-1][0], inf)) for stretch in curve.stretches if stretch))
    return [x for x, _ in points[:-1]], [y if isfinite(y) else float("nan") for _, y in points[:-1]]


def _colour(role: Role) -> str:
    """A role's on white: as in the light look."""
    theme = LIGHT
    named: dict[Role, str | None] = {
        Role.TRAIN: theme.primary,
        Role.CLEAN: theme.success,
        Role.TEST: theme.accent,
        Role.VALIDATION: theme.variables["line-7"],
        Role.RAW: theme.primary,
        Role.SMOOTH: theme.accent,
        Role.REFERENCE: "#8a8f98",
        Role.MARK: theme.warning,
        Role.BAND: theme.success,
        Role.FAULT: theme.error,
        **{role: theme.variables[f"line-{number}"] for number, role in enumerate(LINES, start=1)},
        **{role: theme.variables[f"line-{number}"] for number, role in enumerate(FAINT, start=1)},
    }
    return named.get(role) or "#20252c"


def main() -> int:
    """Draw what is read into the files that the command names; where that fails, say why in a few words."""
    try:
        draw_on_paper(pickle.load(sys.stdin.buffer), map(Path, sys.argv[1:]))
    except OSError as error:
        sys.stderr.write(os.strerror(error.errno) if error.errno else str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
