"""A few cells laid over rows that are drawn: what a cursor needs, without the plot being drawn again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tp1tui.tui.plots.canvas import BLANKS, Run
from tp1tui.tui.plots.chart import Role
from tp1tui.tui.plots.draw import Drawing
from tp1tui.tui.plots.glyphs import GlyphSet

Cells = Mapping[tuple[int, int], Run]
"""(column, row) to what stands there: one character."""
_BEHIND = (None, Role.MARK, Role.BAND)
"""Roles of what a cursor may stand in front of."""


def laid_over(rows: list[list[Run]], cells: Cells) -> list[list[Run]]:
    """The same rows with other cells; a row without any is the very same list."""
    changed: dict[int, dict[int, Run]] = {}
    for (column, row), cell in cells.items():
        changed.setdefault(row, {})[column] = cell
    return [_changed(runs, changed[row]) if row in changed else runs for row, runs in enumerate(rows)]


def uprights(drawing: Drawing, columns: Iterable[int], glyphs: GlyphSet) -> dict[tuple[int, int], Run]:
    """The cells of upright lines through what a plot leaves blank."""
    frame = drawing.frame
    if frame is None:
        return {}
    cells: dict[tuple[int, int], Run] = {}
    for column in columns:
        for row in range(frame.rows):
            character, role = _at(drawing.rows[row], column)
            if role in _BEHIND and (character in BLANKS or character in glyphs.upright + glyphs.band):
                cells[column, row] = (glyphs.cursor, Role.CURSOR)
    return cells


def _at(runs: list[Run], column: int) -> Run:
    """The character in a column, with its role."""
    start = 0
    for text, role in runs:
        if column < start + len(text):
            return text[column - start], role
        start += len(text)
    return " ", None


def _changed(runs: list[Run], cells: dict[int, Run]) -> list[Run]:
    changed: list[Run] = []
    start = 0
    for text, role in runs:
        done = 0
        for column in sorted(column for column in cells if start <= column < start + len(text)):
            if column - start > done:
                changed.append((text[done : column - start], role))
            changed.append(cells[column])
            done = column - start + 1
        if done < len(text):
            changed.append((text[done:], role))
        start += len(text)
    return changed
