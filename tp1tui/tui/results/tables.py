"""A table of results as lines: its first column stays, the others are moved sideways where they do not fit."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from tp1tui.spec.results import Column, Table
from tp1tui.tui.results.figures import is_number, written
from tp1tui.tui.results.sideways import Drawn, in_sight, sign
from tp1tui.tui.run.lines import Line, Tone

GAP = 2
WIDEST = 40
"""Cells of one column; a longer text goes on in the next line."""
LEAST = 8


def draw_table(table: Table, width: int, across: int) -> Drawn:
    """A heading, the units under it where there are any, and the rows.

    Args:
        table: What to show.
        width: Cells there are.
        across: How many columns, of those that can, have been moved out of sight to the left.
    """
    texts = [written(row[at] for row in table.rows) for at in range(len(table.columns))]
    widest = max(LEAST, min(WIDEST, (width - GAP) // 2))
    widths = _widths(table.columns, texts, width, widest)
    view = in_sight(widths[0], widths[1:], width, across, GAP)
    chosen = [0, *(1 + at for at in view.shown)]
    left = [not any(is_number(row[at]) for row in table.rows) for at in range(len(table.columns))]
    lines = _row([column.name for column in table.columns], chosen, widths, left, Tone.STRONG)
    if any(column.unit for column in table.columns):
        lines += _row([column.unit for column in table.columns], chosen, widths, left, Tone.DIM)
    for row in zip(*texts, strict=True):
        lines += _row(row, chosen, widths, left, None)
    if not table.rows:
        lines.append((("no rows", Tone.DIM),))
    return Drawn([*lines, *sign(view)], view.most)


def _widths(columns: Sequence[Column], texts: Sequence[Sequence[str]], width: int, widest: int) -> list[int]:
    """Names in one line where all columns fit so, else broken at their blanks."""
    for breaks in (False, True):
        names = [column.name.split(" ") if breaks else [column.name] for column in columns]
        widths = [
            min(widest, max(map(cell_len, (*cells, column.unit, *name)), default=1))
            for column, name, cells in zip(columns, names, texts, strict=True)
        ]
        if sum(widths) + GAP * (len(widths) - 1) <= width:
            break
    return widths


def _row(
    cells: Sequence[str], chosen: Sequence[int], widths: Sequence[int], left: Sequence[bool], tone: str | None
) -> list[Line]:
    """One row, of as many lines as its longest cell takes."""
    parts = [_broken(cells[at], widths[at]) for at in chosen]
    height = max(map(len, parts))
    lines: list[Line] = []
    for y in range(height):
        pieces = []
        for at, part in zip(chosen, parts, strict=True):
            place = y - (height - len(part)) if tone is Tone.STRONG else y  # names stand right over their figures
            text = part[place] if 0 <= place < len(part) else ""
            pieces.append(set_cell_size(text, widths[at]) if left[at] else _to_the_right(text, widths[at]))
        lines.append((((" " * GAP).join(pieces), tone),))
    return lines


def _to_the_right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text


def _broken(text: str, width: int) -> list[str]:
    """A text broken at blanks, and within a word that is longer than a line."""
    if cell_len(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        while cell_len(word) > width:
            if line:
                lines.append(line)
                line = ""
            head = set_cell_size(word, width).rstrip()
            lines.append(head)
            word = word[len(head) :]
        if line and cell_len(line) + 1 + cell_len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines
