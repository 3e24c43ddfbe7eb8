"""The probe: an example's picture, a bar a class for what the network says of it, and how that came to be."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from math import isfinite, nan

from rich.cells import cell_len, set_cell_size

from tp1tui.spec.live import PROBE, PROBE_LINE, PROBE_PICTURE
from tp1tui.spec.numbers import loss
from tp1tui.spec.results import Cell, Grid, Result, Series, Table
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.pictures import LEAST_SIDE, picture_lines
from tp1tui.tui.run.lines import Line, Piece, Tone, bar, width_of, wrapped

FORMULA = "yhat_i = exp(ytilde_i) / sum over j of exp(ytilde_j); cross-entropy = -log yhat of the class whose y is 1"
GAP = 2
LEAST_BARS, MOST_BARS = 40, 72
"""Cells of the classes with their bars."""
LEAST_PLOT = 10
"""Rows of the plot."""
LONGEST_NAME = 12


def draw_probe(results: Mapping[str, Result], width: int, height: int, ink: Ink) -> list[Line]:
    """What is probed, in as many rows as it takes; the plot only where there is room.

    Args:
        results: Of a run, by name.
        width: Cells there are.
        height: Rows there are.
        ink: What to draw with.
    """
    table = results.get(PROBE)
    if not isinstance(table, Table):
        return [(("nothing probed yet", Tone.DIM),)]
    head = wrapped(table.note, None, width)
    foot = wrapped(FORMULA, Tone.DIM, width)
    rows = max(len(table.rows) + 1, min(16, height - len(head) - len(foot)))
    picture = _picture(results.get(PROBE_PICTURE), width - LEAST_BARS - GAP, rows, ink)
    room = max(map(width_of, picture), default=-GAP) + GAP
    bars = _bars(table, min(MOST_BARS, width - room), ink)
    middle: list[Line] = [
        (*left, (" " * (room - width_of(left)), None), *right)
        for left, right in zip_longest(picture, bars, fillvalue=())
    ]
    lines = [*head, *middle, *foot]
    return [*lines, *_plot(results.get(PROBE_LINE), width, height - len(lines) - 1, ink)]


def _picture(grid: Result | None, width: int, rows: int, ink: Ink) -> list[Line]:
    """As large as there is room beside the bars; nothing where there is none."""
    if not isinstance(grid, Grid) or not grid.values:
        return []
    side = max(len(grid.values), len(grid.values[0]))
    lines = picture_lines(grid, min(width, max(side, LEAST_SIDE)), ink) if width >= 8 else []
    return lines if len(lines) <= rows else picture_lines(grid, min(width, rows * 2), ink)


def _bars(table: Table, width: int, ink: Ink) -> list[Line]:
    names = [set_cell_size(str(row[0]), min(LONGEST_NAME, cell_len(str(row[0])))) for row in table.rows]
    longest = max(5, *map(cell_len, names))
    room = width - longest - 26
    head = f"{'class':<{longest}}    ytilde    yhat  {' ' * room}  y"
    lines: list[Line] = [((head, Tone.STRONG),)]
    for name, (_, logit, probability, target) in zip(names, table.rows, strict=True):
        tone = Tone.STRONG if target else None
        numbers = f"{name:<{longest}} {_logit(logit):>9}  {_share(probability):>6}  "
        lines.append(((numbers, tone), *_bar(probability, room, ink), _target(target, ink)))
    return lines


def _logit(cell: Cell) -> str:
    number = float(cell) if isinstance(cell, int | float) else nan
    if not isfinite(number):
        return loss(number)
    return f"{number:.2f}" if abs(number) < 1e5 else f"{number:.3g}"


def _share(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.4f}" if isfinite(cell) else loss(cell)
    return str(cell)


def _bar(probability: Cell, width: int, ink: Ink) -> Line:
    share = float(probability) if isinstance(probability, int | float) else 0.0
    share = share if share == share else 0.0  # NaN, where the network has diverged
    if ink.glyphs is not Glyphs.ASCII:
        return bar(share, width)
    full = round(share * width)
    return (("=" * full, Tone.BAR), ("." * (width - full), Tone.REST))


def _target(target: Cell, ink: Ink) -> Piece:
    sign = "<" if ink.glyphs is Glyphs.ASCII else "◀"
    return (f"  1 {sign}", Tone.GOOD) if target else ("  0", Tone.DIM)


def _plot(series: Result | None, width: int, height: int, ink: Ink) -> list[Line]:
    if not isinstance(series, Series) or height < LEAST_PLOT:
        return []
    from tp1tui.tui.results.plots import draw_series

    return [(), *draw_series(series, width, height, ink).lines]
