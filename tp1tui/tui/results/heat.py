"""A grid of values with labels: numbers in cells that are lighter the more they are, or cells alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

from rich.cells import cell_len, set_cell_size

from tp1tui.spec.results import Axis, Grid
from tp1tui.tui.results.figures import written
from tp1tui.tui.results.ink import Ink, paint, ramp, readable_on, shade, share_of
from tp1tui.tui.results.sideways import Drawn, View, in_sight, sign
from tp1tui.tui.run.lines import Line, Piece, Tone, wrapped

BARE = 2
"""Cells of a column without its number."""
LONGEST_LABEL = 16
SCALE = 10
"""Cells of the scale under a grid without numbers."""


def draw_heat(grid: Grid, width: int, ink: Ink, across: int) -> Drawn:
    """Its axes' names, the labels of its columns, and its rows.

    Args:
        grid: Values, with labels on one side at the least.
        width: Cells there are.
        ink: What to draw with.
        across: How many columns have been moved out of sight to the left, where not all fit.
    """
    texts = _texts(grid)
    shares = _shares(grid)
    down, over = _labels(grid)
    head = max(map(cell_len, down), default=0)
    room = max((len(text) for row in texts for text in row), default=1)
    mark = 0 if ink.coloured else 2  # the shade beside the number
    widths = [max(room + mark + 1, min(cell_len(label), LONGEST_LABEL)) + 1 for label in over]
    bare = head + sum(widths) > width and head + 1 + BARE * len(over) <= width
    if bare:
        widths = [BARE] * len(over)
    view = in_sight(head + 1, widths, width, across, 0)
    lines = wrapped(_axes(grid), Tone.DIM, width)
    lines.append((((" " * (head + 1)) + "".join(_heads(over, widths, view, bare=bare)), Tone.STRONG),))
    for label, row, row_shares in zip(down, texts, shares, strict=True):
        pieces: list[Piece] = [(set_cell_size(label, head) + " ", Tone.STRONG)]
        for at in view.shown:
            pieces.append(_cell("" if bare else row[at], row_shares[at], widths[at], ink))
        lines.append(tuple(pieces))
    if bare:
        lines.append(_scale(grid, ink))
    return Drawn([*lines, *sign(view)], view.most)


def _texts(grid: Grid) -> list[list[str]]:
    flat = iter(written(_number(value) for row in grid.values for value in row))
    return [[next(flat) for _ in row] for row in grid.values]


def _number(value: float | None) -> float | int | None:
    """A whole number without a decimal point: the values of a grid are all floats."""
    return int(value) if value is not None and isfinite(value) and value == int(value) else value


def _shares(grid: Grid) -> list[list[float | None]]:
    low, high = _ends(grid)
    return [
        [None if value is None or not isfinite(value) else share_of(value, low, high) for value in row]
        for row in grid.values
    ]


def _ends(grid: Grid) -> tuple[float, float]:
    known = [value for row in grid.values for value in row if value is not None and isfinite(value)]
    return (min(known), max(known)) if known else (0.0, 0.0)


def _labels(grid: Grid) -> tuple[list[str], list[str]]:
    columns = len(grid.values[0]) if grid.values else 0
    down = grid.down_labels or tuple(str(number) for number in range(len(grid.values)))
    over = grid.across_labels or tuple(str(number) for number in range(columns))
    return [_short(label) for label in down], [_short(label) for label in over]


def _short(label: str) -> str:
    """A label with a sign where it is cut off."""
    return label if cell_len(label) <= LONGEST_LABEL else f"{set_cell_size(label, LONGEST_LABEL - 1)}…"


def _heads(labels: Sequence[str], widths: Sequence[int], view: View, *, bare: bool) -> Iterator[str]:
    """The labels over their columns: those for which there is room."""
    free = place = written_to = 0
    for at in view.shown:
        text = labels[at]
        start = place if bare else place + widths[at] - 1 - cell_len(text)
        place += widths[at]
        if start >= free and start + cell_len(text) <= sum(widths[number] for number in view.shown):
            yield " " * (start - written_to) + text
            written_to = start + cell_len(text)
            free = written_to + 1


def _cell(text: str, share: float | None, width: int, ink: Ink) -> Piece:
    if share is None:
        return (text.rjust(width - 1) + " ", Tone.DIM)
    if ink.coloured:
        ground = ramp(share)
        return (text.rjust(width - 1) + " ", paint(readable_on(ground), ground))
    return (f"{text:>{width - 2}} {shade(share)}" if text else shade(share) * width, None)


def _axes(grid: Grid) -> str:
    unit = f"; values in {grid.unit}" if grid.unit else ""
    return f"down: {_axis(grid.down)}, across: {_axis(grid.across)}{unit}"


def _axis(axis: Axis) -> str:
    return f"{axis.name} ({axis.unit})" if axis.unit else axis.name


def _scale(grid: Grid, ink: Ink) -> Line:
    low, high = written(_number(value) for value in _ends(grid))
    shares = [number / (SCALE - 1) for number in range(SCALE)]
    return ((f"{low} ", Tone.DIM), *(_cell("", share, 1, ink) for share in shares), (f" {high}", Tone.DIM))
