"""Results one under the other: what belongs together, its name, how to read it, and what it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from tp1tui.spec.results import Grid, Result, Series, Table, Text
from tp1tui.tui.results.boundary import draw_boundaries
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.sheets import draw_grid, draw_sheet
from tp1tui.tui.results.sideways import Drawn
from tp1tui.tui.results.tables import draw_table
from tp1tui.tui.run.lines import Line, Tone, wrapped


@dataclass(frozen=True)
class Block:
    """One result, or the grids of one group."""

    name: str
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Room:
    """What there is for one block."""

    width: int
    """Cells."""
    height: int
    """Rows that are in sight at once; a plot takes no more."""
    ink: Ink
    across: int = 0
    """How many columns a person has moved out of sight to the left."""


def blocks(results: Iterable[Result]) -> list[Block]:
    """Results in their order, the grids of a group together where the first of them stands."""
    found: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        grouped = isinstance(result, Grid) and result.group
        found.setdefault(("group", result.group) if isinstance(result, Grid) and grouped else ("", result.name), [])
        found[("group", result.group) if isinstance(result, Grid) and grouped else ("", result.name)].append(result)
    return [Block(name, tuple(held)) for (_, name), held in found.items()]


def draw_block(block: Block, room: Room) -> Drawn:
    """A block with its name over it."""
    lines: list[Line] = wrapped(block.name, Tone.STRONG, room.width)
    for note in dict.fromkeys(result.note for result in block.results if result.note):
        lines += wrapped(" ".join(note.split()), Tone.DIM, room.width)
    grids = [result for result in block.results if isinstance(result, Grid)]
    if grids and all(grid.content == "probabilities" for grid in grids):
        return Drawn([*lines, *draw_boundaries(grids, room.width, room.height - len(lines), room.ink)])
    body = _body(block, room)
    return Drawn([*lines, *body.lines], body.most)


def _body(block: Block, room: Room) -> Drawn:
    grids = [result for result in block.results if isinstance(result, Grid)]
    if len(grids) > 1:
        return draw_sheet(grids, room.width, room.ink)
    match block.results[0]:
        case Table() as table:
            return draw_table(table, room.width, room.across)
        case Grid() as grid:
            return draw_grid(grid, room.width, room.ink, room.across)
        case Series() as series:
            from tp1tui.tui.results.plots import draw_series

            return draw_series(series, room.width, room.height, room.ink)
        case Text(text=text):
            return Drawn([((line, None),) for part in text.splitlines() for line in _hung(part, room.width)])


def _hung(text: str, width: int) -> list[str]:
    """A line broken at blanks; what goes on under a formula stands right of its sign of equality."""
    sign = text.find("= ")
    hang = sign + 2 if 0 <= sign < width // 2 else len(text) - len(text.lstrip())
    return textwrap.wrap(text, width, subsequent_indent=" " * min(hang, width // 2)) or [""]
