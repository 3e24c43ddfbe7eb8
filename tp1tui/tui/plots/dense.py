"""A curve with more points than there are columns: a stroke a column, from its lowest value there to its highest.

So a million batches cost what a hundred do, where the lines of plotext cost by the point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tp1tui.tui.plots.canvas import Canvas
from tp1tui.tui.plots.chart import Curve
from tp1tui.tui.plots.clip import drawn_lines
from tp1tui.tui.plots.frame import Frame
from tp1tui.tui.plots.glyphs import ASCII_LINES, GlyphSet

_BRAILLE = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a braille character's dots, [column][row]."""
_QUADRANTS = ((1, 4), (2, 8))
_BLOCKS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By the bits of their quadrants."""
_Stroke = tuple[int, int, int]
"""(dot column, lowest, highest dot row), counted from the lower left corner of the canvas."""


def is_dense(curve: Curve, frame: Frame, glyphs: GlyphSet) -> bool:
    """Whether a curve has two points or more for most of the places side by side that can be told apart."""
    points = sum(len(stretch) for stretch in curve.stretches)
    return points > frame.columns * glyphs.columns and not (curve.dotted or curve.sign)


def put_strokes(canvas: Canvas, curve: Curve, frame: Frame, glyphs: GlyphSet) -> None:
    """Draw a dense curve; what it covers in a cell is replaced."""
    bits = _BRAILLE if glyphs.line == "braille" else _QUADRANTS if glyphs.line else ((1,),)
    tall = len(bits[0])
    spans = [_spans(masks) for masks in bits]
    cells: dict[tuple[int, int], int] = {}
    for dot, low, high in _strokes(curve, frame, len(bits), tall):
        column, masks = dot // len(bits), spans[dot % len(bits)]
        for row in range(low // tall, high // tall + 1):
            span = max(low - row * tall, 0), min(high - row * tall, tall - 1)
            cells[column, row] = cells.get((column, row), 0) | masks[span]
    for (column, row), mask in cells.items():
        canvas.put(frame.left + column, frame.rows - 1 - row, _character(mask, curve, glyphs), curve.role)


def _spans(bits: Sequence[int]) -> dict[tuple[int, int], int]:
    """The bits of every stroke in one column of a cell, by its lowest and its highest dot; `bits` begin at the top."""
    upwards = bits[::-1]
    return {(low, high): sum(upwards[low : high + 1]) for low in range(len(bits)) for high in range(low, len(bits))}


def _strokes(curve: Curve, frame: Frame, wide: int, tall: int) -> Iterator[_Stroke]:
    """One for every dot column that a line passes, each long enough to touch the one before."""
    (left, right), (bottom, top) = frame.x, frame.y
    across, up = (frame.columns * wide - 1) / (right - left), (frame.rows * tall - 1) / (top - bottom)
    for line in drawn_lines(curve, frame):
        column, low, high = -1, 0, 0
        for x, y in line:
            dot, height = round((x - left) * across), round((y - bottom) * up)
            if dot == column:
                low, high = min(low, height), max(high, height)
                continue
            if column >= 0:
                yield column, low, high
                low, high = min(height, high + 1), max(height, low - 1)
            else:
                low = high = height
            column = dot
        if column >= 0:
            yield column, low, high


def _character(mask: int, curve: Curve, glyphs: GlyphSet) -> str:
    match glyphs.line:
        case "braille":
            return chr(0x2800 + mask)
        case None:
            return ASCII_LINES[curve.role]
    return _BLOCKS[mask]
