"""Images as they are over the same as the network gets them: as many pairs as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tp1tui.spec.results import Grid
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.pictures import LEAST_SIDE, picture_lines
from tp1tui.tui.results.sheets import GAP, LEAST_WIDTH, beside
from tp1tui.tui.run.lines import Line, Tone, wrapped

LABELS = 3
"""Lines of both labels; that of a blend may take two."""
SMALLEST = 8
"""Pixels that a side is not made smaller than."""


@dataclass(frozen=True)
class Layout:
    """How pairs stand in a window."""

    columns: int
    rows: int
    width: int
    """Cells of one picture, which are its pixels from left to right, or every second, third, …"""

    @property
    def count(self) -> int:
        """Pairs that fit."""
        return self.columns * self.rows


def layout(width: int, height: int, side: int) -> Layout:
    """The largest pictures of which a pair fits, and how many then do.

    Args:
        width: Cells there are.
        height: Rows there are.
        side: Pixels of an image.
    """
    side = max(side, LEAST_SIDE)
    shrunk = side
    for factor in range(1, side // SMALLEST + 1):
        shrunk = -(-side // factor)
        if _height(shrunk) <= height and shrunk <= width:
            break
    tile = max(LEAST_WIDTH, shrunk) + GAP
    return Layout(max(1, (width + GAP) // tile), max(1, (height + 1) // (_height(shrunk) + 1)), shrunk)


def pair_lines(originals: Sequence[Grid], seen: Sequence[Grid], place: Layout, ink: Ink) -> list[Line]:
    """The pairs, row by row.

    Args:
        originals: Images as they are, each named by its class.
        seen: The same as the network gets them, each named by what it is to answer.
        place: From `layout`.
        ink: What to draw with.
    """
    tiles = [_tile(*pair, place.width, ink) for pair in zip(originals, seen, strict=True)][: place.count]
    lines: list[Line] = []
    for start in range(0, len(tiles), place.columns):
        lines += [()] if lines else []
        lines += beside(tiles[start : start + place.columns])
    return lines


def _height(width: int) -> int:
    return 2 * -(-width // 2) + LABELS


def _tile(original: Grid, seen: Grid, width: int, ink: Ink) -> list[Line]:
    above, below = (picture_lines(grid, _scaled(grid, original, width), ink) for grid in (original, seen))
    room = max(LEAST_WIDTH, width)
    labels = wrapped(seen.name, None, room)[: LABELS - 1]
    label = (original.name.ljust(room), Tone.DIM)
    return [*above, (label,), *below, *labels, *[()] * (LABELS - 1 - len(labels))]


def _scaled(grid: Grid, original: Grid, width: int) -> int:
    """Cells of a picture, so that a crop stays as much smaller than the whole image as it is."""
    side = len(original.values[0])
    return max(1, -(-len(grid.values[0]) // max(1, -(-side // width)))) if side > width else width
