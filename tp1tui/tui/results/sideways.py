"""What is drawn, and which of its columns are in sight where not all are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tp1tui.tui.run.lines import Line, Tone, wrapped


@dataclass(frozen=True)
class Drawn:
    """A result, or several, as lines."""

    lines: list[Line]
    most: int = 0
    """How far it can be moved sideways; 0 where all is in sight."""


@dataclass(frozen=True)
class View:
    """A stretch of columns."""

    shown: range
    total: int
    most: int
    """How far it can be moved: from there on, the last column is in sight."""
    room: int
    """Cells there are."""


def in_sight(head: int, widths: Sequence[int], width: int, across: int, gap: int) -> View:
    """The columns that fit beside the one that stays.

    Args:
        head: Cells of the one that stays.
        widths: Of the others.
        width: Cells there are.
        across: How many of them to leave out at the left; fewer where the last one is in sight before that.
        gap: Cells between two columns.
    """
    most = _first_of_last(head, widths, width, gap)
    first = max(0, min(across, most))
    room, end = width - head, first
    while end < len(widths) and (end == first or widths[end] + gap <= room):
        room -= widths[end] + gap
        end += 1
    return View(range(first, end), len(widths), most, width)


def sign(view: View) -> list[Line]:
    """How many columns are out of sight and how to reach them; nothing where all are in sight."""
    before, after = view.shown.start, view.total - view.shown.stop
    if not before and not after:
        return []
    parts = [f"‹ {_more(before)}"] if before else []
    parts += [f"{_more(after)} ›"] if after else []
    return wrapped(f"{'   '.join(parts)}   (left and right)", Tone.KEY, view.room)


def _more(number: int) -> str:
    return f"{number} more column{'s' if number > 1 else ''}"


def _first_of_last(head: int, widths: Sequence[int], width: int, gap: int) -> int:
    """The least number of columns to leave out so that the last one is in sight."""
    room, first = width - head, len(widths)
    while first > 0 and widths[first - 1] + gap <= room:
        room -= widths[first - 1] + gap
        first -= 1
    return min(first, max(0, len(widths) - 1))
