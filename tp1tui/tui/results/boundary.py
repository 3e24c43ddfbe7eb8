"""Decision boundaries: class probability over the plane as colour or shade, and the examples on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tp1tui.spec.results import Grid
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.results.ink import Ink, blend, paint, readable_on
from tp1tui.tui.results.marks import drawn_points, legend, mark_set, shown_parts, wrong_tone
from tp1tui.tui.results.plane import PIXELS, Plane, largest_plane
from tp1tui.tui.run.lines import Line, Piece, Tone, flowed, width_of, wrapped

GAP = 2
LEGEND = 26
"""Cells of a legend that stands beside the plane."""
LEAST_ROWS = 6
LEAST_TILE = 22
"""Cells of a small plane."""
FOOT = 2
"""Rows of the legend under several planes."""
SCALE = 10
"""Cells of the scale of probabilities."""
_SIDES = (0x1838A8, 0x4A78D8, 0xC4C8D0, 0xC8802C, 0x8F4A00)
"""From the first class over neither to the second. Blue and orange stay apart for the colour-blind and in 16 colours;
the boundary is the lightest."""
_SHADES = " ·░▒"
"""Quarters of probability, so that one half lies between two shades."""
_ASCII_SHADES = " .:="


def draw_boundary(grid: Grid, width: int, height: int, ink: Ink) -> list[Line]:
    """The plane with its axes, as large as there is room, and a legend beside it, or under it where that is larger.

    Args:
        grid: Of class probabilities.
        width: Cells there are.
        height: Rows there are; exceeded where they are too few to see anything.
        ink: What to draw with.
    """
    head = _head(grid)
    beside = largest_plane(grid, width - head - GAP - LEGEND, max(LEAST_ROWS, height - 1))
    foot = len(_legend([grid], beside, width, ink))
    under = largest_plane(grid, width - head - 1, max(LEAST_ROWS, height - 1 - foot))
    if beside.rows < under.rows:
        return [*_with_axes(under, head, ink), *_legend([grid], under, width, ink)]
    plane, key = _with_axes(beside, head, ink), _legend([grid], beside, LEGEND, ink)
    return list(_joined([plane, key], [head + beside.columns, LEGEND]))


def draw_boundaries(grids: Sequence[Grid], width: int, height: int, ink: Ink) -> list[Line]:
    """Several planes side by side, each under its name, as large as all of them fit, and one legend.

    Args:
        grids: Of class probabilities, with the same classes.
        width: Cells there are.
        height: Rows that are in sight at once; where not all planes fit, they are small and go on below.
        ink: What to draw with.
    """
    if len(grids) == 1:
        return draw_boundary(grids[0], width, height, ink)
    room, rows = _tiling(grids, width, height)
    planes = [largest_plane(grid, room, rows) for grid in grids]
    tiles = [[*wrapped(plane.grid.name, Tone.STRONG, room), *_cells(plane, ink)] for plane in planes]
    lines: list[Line] = []
    beside = max(1, (width + GAP) // (room + GAP))
    for start in range(0, len(tiles), beside):
        row = tiles[start : start + beside]
        lines += [()] if lines else []
        lines += _joined(row, [room] * len(row))
    return [*lines, (), *_legend(grids, planes[0], width, ink)]


def _tiling(grids: Sequence[Grid], width: int, height: int) -> tuple[int, int]:
    """Cells and rows of each of several planes: the largest that are all in sight, or the least where none are."""
    least = largest_plane(grids[0], LEAST_TILE, LEAST_TILE)
    best = least.columns, least.rows
    for beside in range(1, len(grids) + 1):
        room, rows = (width + GAP) // beside - GAP, (height - FOOT) // -(-len(grids) // beside) - 2
        if room < LEAST_TILE or rows < best[1]:
            continue
        plane = largest_plane(grids[0], room, rows)
        best = max(best, (plane.columns, plane.rows))
    return best


def _with_axes(plane: Plane, head: int, ink: Ink) -> list[Line]:
    labels = {row: tick.label for row, tick in plane.down_ticks()}
    lines: list[Line] = [
        ((f"{labels.get(row, ''):>{head - 1}} ", Tone.DIM), *cells) for row, cells in enumerate(_cells(plane, ink))
    ]
    foot = ""
    for column, tick in plane.across_ticks():
        start = head + column - len(tick.label) // 2
        if start > len(foot) or not foot:
            foot = f"{foot:<{start}}{tick.label}"
    return [*lines, ((foot, Tone.DIM),)]


def _head(grid: Grid) -> int:
    """Cells left of a plane, for its labels."""
    ticks = Plane(grid, 1, 100).down_ticks()
    return 1 + max((len(tick.label) for _, tick in ticks), default=0)


def _cells(plane: Plane, ink: Ink) -> list[Line]:
    shares, points, marks = plane.shares(), drawn_points(plane), mark_set(ink)
    lines: list[Line] = []
    for row in range(plane.rows):
        pieces: list[Piece] = []
        for column in range(plane.columns):
            pixels = [shares[PIXELS * row + at][column] for at in range(PIXELS)]
            point = points.get((column, row))
            if point is None:
                pieces.append(_ground(pixels, ink))
            elif point.wrong:
                pieces.append((marks.of(point), wrong_tone(ink)))
            else:
                pieces.append((marks.of(point), _behind(pixels, ink)))
        lines.append(_merged(pieces))
    return lines


def _ground(pixels: Sequence[float | None], ink: Ink) -> Piece:
    upper, lower = pixels
    if not ink.coloured:
        share = _mean(pixels)
        shades = _ASCII_SHADES if ink.glyphs is Glyphs.ASCII else _SHADES
        return (" " if share is None else shades[min(int(share * len(shades)), len(shades) - 1)], None)
    if not ink.has_blocks or upper is None or lower is None:
        return (" ", _behind(pixels, ink))
    return ("▀", paint(blend(_SIDES, upper), blend(_SIDES, lower)))


def _behind(pixels: Sequence[float | None], ink: Ink) -> str | None:
    """Of a cell in one colour: what stands in it is readable."""
    share = _mean(pixels)
    if share is None or not ink.coloured:
        return None
    ground = blend(_SIDES, share)
    return paint(readable_on(ground), ground)


def _mean(pixels: Sequence[float | None]) -> float | None:
    known = [pixel for pixel in pixels if pixel is not None]
    return sum(known) / len(known) if known else None


def _legend(grids: Sequence[Grid], plane: Plane, width: int, ink: Ink) -> list[Line]:
    names = grids[0].class_names
    shades = _merged(_ground([(number + 0.5) / SCALE] * PIXELS, ink) for number in range(SCALE))
    scale: Line = ((f"{names[0]} ", None), *shades, (f" {names[1]}", None))
    axes = f"across {grids[0].across.name}, up {grids[0].down.name}"
    return flowed([*legend(grids, shown_parts(plane), ink), scale, ((axes, Tone.DIM),)], width)


def _merged(pieces: Sequence[Piece] | Iterator[Piece]) -> Line:
    return tuple(("".join(text for text, _ in run), tone) for tone, run in groupby(pieces, key=lambda piece: piece[1]))


def _joined(blocks: Sequence[Sequence[Line]], widths: Sequence[int]) -> Iterator[Line]:
    """Blocks side by side, their upper edges on one line."""
    for y in range(max(map(len, blocks))):
        line: list[Piece] = []
        for block, width in zip(blocks, widths, strict=True):
            own = block[y] if y < len(block) else ()
            line += [*own, (" " * (width + GAP - width_of(own)), None)]
        yield tuple(line[:-1])
