"""A filled chart of percentages in a few rows of characters, always from 0 to 100 %."""

from __future__ import annotations

from collections.abc import Sequence

from tp1tui.tui.plots.glyphs import Glyphs

_BLOCKS = " ▁▂▃▄▅▆▇█"
_ASCII = " .:-=+*#"
_LEFT, _RIGHT = (0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08)
"""Dots of a braille cell from its bottom up."""


def dots_across(glyphs: Glyphs) -> int:
    """Columns that fit side by side in a cell."""
    return 2 if glyphs is Glyphs.BRAILLE else 1


def area(values: Sequence[float | None], rows: int, glyphs: Glyphs) -> list[str]:
    """Draw percentages as columns that stand on the ground.

    What is known and 0 shows as the lowest mark; what is not known stays empty.

    Args:
        values: From left to right, `dots_across` of them a cell, in percent.
        rows: Height, in cells.
        glyphs: Which characters to draw with.

    Returns:
        `rows` lines, the highest first.
    """
    levels = {Glyphs.BRAILLE: 4, Glyphs.BLOCKS: len(_BLOCKS) - 1, Glyphs.ASCII: len(_ASCII) - 1}[glyphs]
    heights = [_height(value, rows * levels) for value in values]
    lines: list[str] = []
    for row in reversed(range(rows)):
        filled = [min(levels, max(0, height - row * levels)) for height in heights]
        if glyphs is Glyphs.BRAILLE:
            filled += [0] * (len(filled) % 2)
            lines.append("".join(_braille(*filled[at : at + 2]) for at in range(0, len(filled), 2)))
        else:
            marks = _BLOCKS if glyphs is Glyphs.BLOCKS else _ASCII
            lines.append("".join(marks[level] for level in filled))
    return lines


def levels_in_a_row(values: Sequence[float], glyphs: Glyphs) -> str:
    """One character a value, in percent: blocks, or figures from 0 to 9 where there are none."""
    if glyphs is Glyphs.ASCII:
        return "".join(str(min(9, int(max(0.0, value) / 10))) for value in values)
    return "".join(_BLOCKS[_height(value, len(_BLOCKS) - 1)] for value in values)


def _height(value: float | None, most: int) -> int:
    """In levels, from 1 to `most`; 0 for what is not known."""
    return 0 if value is None else max(1, round(min(100.0, max(0.0, value)) / 100 * most))


def _braille(left: int, right: int) -> str:
    dots = sum(_LEFT[:left]) + sum(_RIGHT[:right])
    return chr(0x2800 + dots) if dots else " "
