"""Results in the shell: tables, series, grids and texts, as the screens draw them, as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from tp1tui.spec.results import Result, Table
from tp1tui.tui.results.blocks import Block, Room, blocks, draw_block
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.tables import draw_table
from tp1tui.tui.run.lines import Line, Tone

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

HEIGHT = 24
"""Rows of a plot at most."""
BOUNDLESS = 100_000
"""Cells: where a terminal is too narrow for a grid, its rows are broken by the terminal rather than cut."""
_STYLES: Mapping[str, str] = {Tone.DIM: "dim", Tone.STRONG: "bold", Tone.GOOD: "green", Tone.BAD: "red"}
"""Of tones; others, and the roles of a plot's lines, which letters tell as well, stay plain."""


def print_results(results: Iterable[Result], console: Console) -> None:
    """Print results one under the other, a blank line before each."""
    for block in blocks(results):
        console.print()
        for piece in _pieces(block, console):
            console.print(piece, soft_wrap=True)


def _pieces(block: Block, console: Console) -> Iterator[RenderableType]:
    first = block.results[0]
    for part in _parts(first, console.width) if isinstance(first, Table) else [block]:
        drawn = draw_block(part, _room(console, console.width))
        if drawn.most:
            drawn = draw_block(part, _room(console, BOUNDLESS))
        yield from map(_text, drawn.lines)


def _parts(table: Table, width: int) -> Iterator[Block]:
    """A table, its columns in as many parts as a terminal needs; each begins with the first column."""
    start, last = 1, len(table.columns)
    while start < last or start == 1:
        end = last
        while end > start + 1 and draw_table(_columns(table, start, end), width, 0).most:
            end -= 1
        part = _columns(table, start, end)
        yield Block(table.name if start == 1 else f"{table.name}, continued", (part,))
        start = max(end, start + 1)


def _columns(table: Table, start: int, end: int) -> Table:
    """The first column and those from `start` to before `end`; how to read it stands over the first part only."""
    return table.model_copy(
        update={
            "note": table.note if start == 1 else "",
            "columns": (table.columns[0], *table.columns[start:end]),
            "rows": tuple((row[0], *row[start:end]) for row in table.rows),
        }
    )


def _room(console: Console, width: int) -> Room:
    from tp1tui.tui.plots.glyphs import Glyphs

    coloured = console.color_system is not None and not console.no_color
    glyphs = Glyphs.BRAILLE if console.encoding.startswith("utf") else Glyphs.ASCII
    return Room(width=width, height=HEIGHT, ink=Ink(coloured=coloured, glyphs=glyphs))


def _text(line: Line) -> RenderableType:
    from rich.text import Text

    text = Text()
    for piece, tone in line:
        text.append(piece, _STYLES.get(tone, tone if "#" in tone else "") if tone else "")
    return text
