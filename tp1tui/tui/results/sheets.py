"""Grids as they stand in a pane: alone, or those of one group side by side, each under its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tp1tui.spec.results import Grid
from tp1tui.tui.results.heat import draw_heat
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.pictures import picture_lines, reduction
from tp1tui.tui.results.sideways import Drawn
from tp1tui.tui.run.lines import Line, Tone, width_of, wrapped

GAP = 2
LEAST_WIDTH = 14
"""Cells of one grid of a sheet, so that its name has room."""


def draw_grid(grid: Grid, width: int, ink: Ink, across: int) -> Drawn:
    """One grid: a picture where it has colours or no labels, else a table of values.

    Args:
        grid: What to show.
        width: Cells there are.
        ink: What to draw with.
        across: How many columns have been moved out of sight to the left, where not all fit.
    """
    if not grid.values or not grid.values[0]:
        return Drawn([(("nothing in it", Tone.DIM),)])
    if grid.content == "values" and (grid.down_labels or grid.across_labels):
        return draw_heat(grid, width, ink, across)
    lines = picture_lines(grid, width, ink)
    joined = reduction(grid, width)
    if joined > 1:
        lines += wrapped(f"Each {joined}x{joined} pixels stand as one; a wider window shows more.", Tone.DIM, width)
    return Drawn(lines)


def draw_sheet(grids: Sequence[Grid], width: int, ink: Ink) -> Drawn:
    """Grids side by side, as many as fit, the others below them; for the arguments see `draw_grid`."""
    tiles = [_tile(grid, width, ink) for grid in grids]
    lines: list[Line] = []
    for number, row in enumerate(_rows(tiles, width)):
        lines += [((" ", None),)] if number else []
        lines += beside(row)
    return Drawn(lines)


def _tile(grid: Grid, width: int, ink: Ink) -> list[Line]:
    body = draw_grid(grid, width, ink, 0).lines
    widest = max(LEAST_WIDTH, *map(width_of, body))
    return [*wrapped(grid.name, Tone.STRONG, min(width, widest)), *body]


def _rows(tiles: Sequence[list[Line]], width: int) -> Iterator[list[list[Line]]]:
    row: list[list[Line]] = []
    taken = 0
    for tile in tiles:
        needed = max(LEAST_WIDTH, *map(width_of, tile)) + GAP
        if row and taken + needed - GAP > width:
            yield row
            row, taken = [], 0
        row.append(tile)
        taken += needed
    if row:
        yield row


def beside(tiles: Sequence[list[Line]]) -> Iterator[Line]:
    """Tiles with their lower edges on one line, since names differ in length and pictures of a sheet do not."""
    height = max(map(len, tiles))
    widths = [max(LEAST_WIDTH, *map(width_of, tile)) + GAP for tile in tiles]
    for y in range(height):
        line: list[tuple[str, str | None]] = []
        for tile, width in zip(tiles, widths, strict=True):
            place = y - (height - len(tile))
            own = tile[place] if place >= 0 else ()
            line += [*own, (" " * (width - width_of(own)), None)]
        yield tuple(line[:-1])
