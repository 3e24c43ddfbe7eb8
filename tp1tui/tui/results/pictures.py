"""Pictures as characters: two pixels a cell in colour, shades of light where there are no colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from math import isfinite

from tp1tui.spec.results import Grid
from tp1tui.tui.results.ink import Ink, lightness, paint, ramp, shade, share_of
from tp1tui.tui.run.lines import Line, Piece

LEAST_SIDE = 16
"""Pixels; smaller pictures are enlarged."""
Pixels = Sequence[Sequence[int | None]]
"""Rows from the top, each 0xRRGGBB; None where there is nothing."""


def picture_lines(grid: Grid, width: int, ink: Ink) -> list[Line]:
    """A grid as a picture: its colours, or its values from dark to light.

    Args:
        grid: What to show.
        width: Cells there are; a wider picture is made smaller.
        ink: What to draw with.
    """
    pixels = _scaled(_pixels(grid), width)
    return [_line(list(zip(*pair, strict=True)), ink) for pair in _pairs(pixels)]


def reduction(grid: Grid, width: int) -> int:
    """How many pixels each way stand as one where a picture is wider than there are cells; 1 where none do."""
    columns = len(grid.values[0]) if grid.values else 0
    return max(1, -(-columns // max(1, width)))


def _pixels(grid: Grid) -> Pixels:
    if grid.content == "colours":
        return [[None if value is None else int(value) for value in row] for row in grid.values]
    known = [value for row in grid.values for value in row if value is not None and isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    return [
        [None if value is None or not isfinite(value) else ramp(share_of(value, low, high)) for value in row]
        for row in grid.values
    ]


def _scaled(pixels: Pixels, width: int) -> Pixels:
    columns = len(pixels[0]) if pixels else 0
    if columns > width:
        return _smaller(pixels, -(-columns // max(1, width)))
    factor = min(LEAST_SIDE // max(1, columns), width // max(1, columns))
    if factor < 2:
        return pixels
    return [[pixel for pixel in row for _ in range(factor)] for row in pixels for _ in range(factor)]


def _smaller(pixels: Pixels, factor: int) -> Pixels:
    """Each square of factor x factor pixels as one, of their mean colour."""
    return [
        [
            _mean([pixel for row in pixels[top : top + factor] for pixel in row[left : left + factor]])
            for left in range(0, len(pixels[0]), factor)
        ]
        for top in range(0, len(pixels), factor)
    ]


def _mean(pixels: Sequence[int | None]) -> int | None:
    known = [pixel.to_bytes(3) for pixel in pixels if pixel is not None]
    if not known:
        return None
    return int.from_bytes(bytes(round(sum(channel) / len(known)) for channel in zip(*known, strict=True)))


def _pairs(pixels: Pixels) -> list[tuple[Sequence[int | None], Sequence[int | None]]]:
    """Every two rows, one over the other; under an odd last one nothing."""
    nothing: Sequence[int | None] = [None] * (len(pixels[0]) if pixels else 0)
    return [
        (row, pixels[2 * number + 1] if 2 * number + 1 < len(pixels) else nothing)
        for number, row in enumerate(pixels[::2])
    ]


def _line(cells: Sequence[tuple[int | None, int | None]], ink: Ink) -> Line:
    drawn: Callable[[int | None, int | None], Piece] = _halves if ink.has_blocks else _shaded
    pieces = [drawn(*cell) for cell in cells]
    return tuple(("".join(text for text, _ in run), tone) for tone, run in groupby(pieces, key=lambda piece: piece[1]))


def _halves(upper: int | None, lower: int | None) -> Piece:
    if upper is None:
        return (" ", None) if lower is None else ("▄", paint(lower, None))
    return ("▀", paint(upper, lower))


def _shaded(upper: int | None, lower: int | None) -> Piece:
    known = [lightness(pixel) for pixel in (upper, lower) if pixel is not None]
    return (shade(sum(known) / len(known)) if known else " ", None)
