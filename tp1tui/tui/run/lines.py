"""Lines of text in tones, made to fit a width by leaving out whole pieces: nothing is ever cut in two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rich.cells import cell_len
from textual.content import Content


class Tone(StrEnum):
    """How a piece of text is said; a theme gives each tone its colour."""

    DIM = "dim"
    STRONG = "strong"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    KEY = "key"
    CHOSEN = "chosen"
    """The open one of several pages."""
    BAR = "bar"
    REST = "rest"
    """Of a bar: what is not done yet."""


Piece = tuple[str, str | None]
"""Text with a tone, a plot's role, or colours of its own such as `#ffffff on #10141b`; None for plain."""
Line = tuple[Piece, ...]


def width_of(line: Iterable[Piece]) -> int:
    """In cells."""
    return sum(cell_len(text) for text, _ in line)


def fitted(items: Sequence[Line], width: int, gap: int = 3) -> Line:
    """Items side by side, as many from the first on as fit."""
    line: list[Piece] = []
    for item in items:
        space = gap if line else 0
        if width_of(line) + space + width_of(item) > width:
            break
        line += [(" " * space, None), *item] if space else item
    return tuple(line)


def flowed(items: Iterable[Line], width: int, gap: int = 3) -> list[Line]:
    """Items side by side, going on in the next line where there is no more room."""
    lines: list[Line] = []
    for item in items:
        if lines and width_of(lines[-1]) + gap + width_of(item) <= width:
            lines[-1] = (*lines[-1], (" " * gap, None), *item)
        else:
            lines.append(item)
    return lines


def justified(left: Line, right: Line, width: int) -> Line:
    """One line with `right` at its right end; `left` gives way when there is no room for both."""
    room = width - width_of(left) - width_of(right)
    if room < 1:
        return fitted([right], width)
    return (*left, (" " * room, None), *right)


def bar(done: float, width: int) -> Line:
    """A bar of `width` cells.

    Args:
        done: 0 to 1.
        width: In cells.
    """
    halves = round(max(0.0, min(1.0, done)) * width * 2)
    full, half = divmod(halves, 2)
    filled = "━" * full + "╸" * half
    rest = "─" * (width - len(filled))
    return ((filled, Tone.BAR), (rest, Tone.REST))


def wrapped(text: str, tone: str | None, width: int) -> list[Line]:
    """Text broken at blanks into lines of at most `width` cells."""
    return [((line.plain.rstrip(), tone),) for line in Content(text).wrap(width)] if width > 0 else []
