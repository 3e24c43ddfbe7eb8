"""What a terminal shows, remembered cell by cell, so that only what differs from it is sent.

Textual sends every pane that was laid out anew, and all of the screen when a pane changed its size. On a slow link that
is a second of waiting for cells that stand there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from rich.cells import get_character_cell_size
from rich.console import COLOR_SYSTEMS, Console
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

from tp1tui.tui.terminal.escapes import written

NEAR = 4
"""Cells: two changes with fewer between them are sent as one, since moving the cursor costs as much."""

Cell = tuple[str, Style]
"""A character with its style; the second half of a wide one is empty."""
Span = tuple[int, int, list[Cell]]
"""Column, row, and what is written there."""


class Changes(CompositorUpdate):
    """What Textual writes to the terminal: the spans that differ, and nothing around them."""

    def __init__(self, spans: list[Span]) -> None:
        self.spans = spans

    def render_segments(self, console: Console) -> str:
        """As escape sequences."""
        return written(self._pieces(), COLOR_SYSTEMS[console.color_system or "truecolor"])

    def _pieces(self) -> Iterator[tuple[str, Style | None]]:
        for column, row, cells in self.spans:
            yield Control.move_to(column, row).segment.text, None
            for style, run in groupby(cells, key=itemgetter(1)):
                yield "".join(character for character, _ in run), style


class Shown:
    """What stands on the terminal."""

    def __init__(self) -> None:
        self._rows: list[list[Cell | None]] = []
        self._size = Size(0, 0)

    def forget(self) -> None:
        """What stands there is not known any more: all of the next screen will be sent."""
        self._size = Size(0, 0)

    def changes(self, update: CompositorUpdate, size: Size) -> CompositorUpdate | None:
        """What of an update is news to the terminal, which shows it from now on; None where nothing is.

        Args:
            update: As Textual's compositor makes them.
            size: Of the terminal.
        """
        lines = _lines(update)
        if lines is None:
            return update
        if size != self._size:
            self._size = size
            self._rows = [[None] * size.width for _ in range(size.height)]
        spans = [span for row, column, strip in lines for span in self._write(row, column, strip)]
        return Changes(spans) if spans else None

    def _write(self, row: int, column: int, strip: Strip) -> Iterator[Span]:
        if not (0 <= row < len(self._rows) and column >= 0):
            return
        before = self._rows[row]
        cells = list(_cells(strip))[: len(before) - column]
        if before[column : column + len(cells)] == cells:
            return
        differing = [place for place, (old, new) in enumerate(zip(before[column:], cells, strict=False)) if old != new]
        before[column : column + len(cells)] = cells
        for begin, end in _joined(differing):
            while begin > 0 and not cells[begin][0]:
                begin -= 1
            while end < len(cells) and not cells[end][0]:
                end += 1
            yield column + begin, row, cells[begin:end]


def _lines(update: CompositorUpdate) -> Iterable[tuple[int, int, Strip]] | None:
    """Row, column and content of all that an update may write; None for kinds that are not known here."""
    if isinstance(update, LayoutUpdate):
        return [(row, update.region.x, Strip.join(strips)) for row, strips in enumerate(update.strips, update.region.y)]
    if isinstance(update, ChopsUpdate):
        return [
            (row, x, strip.crop(0, min(end, right) - x))  # right of what was drawn there are gaps in the chops
            for row, left, right in update.spans
            for end, (x, strip) in zip(update.chop_ends[row], update.chops[row].items(), strict=True)
            if strip is not None and x < right and end > left
        ]
    return None


def _cells(strip: Strip) -> Iterator[Cell]:
    """Cell by cell; marks that take no cell are left out."""
    for text, style, control in strip:
        if control:
            continue
        look, blank = _look(style or _PLAIN), _blank(style or _PLAIN)
        for character in text:
            width = 1 if character.isascii() else get_character_cell_size(character)
            if width:
                yield character, blank if character == " " else look
            if width == 2:
                yield "", look


def _joined(places: list[int]) -> Iterator[tuple[int, int]]:
    """Ascending places as stretches (begin, end), those that are near each other as one."""
    begin = end = places[0]
    for place in places:
        if place - end > NEAR:
            yield begin, end
            begin = place
        end = place + 1
    yield begin, end


@lru_cache(4096)
def _look(style: Style) -> Style:
    """What is seen of a style: not what Textual notes in it for the mouse."""
    return _OWN + style.clear_meta_and_links()


@lru_cache(4096)
def _blank(style: Style) -> Style:
    """What is seen of an empty cell in a style: any text colour would do."""
    if style.reverse:
        return _look(style)
    lines = {name: getattr(style, name) or None for name in ("underline", "underline2", "strike", "overline")}
    return Style(bgcolor=_look(style).bgcolor, **lines)


_PLAIN, _OWN = Style(), Style(color="default", bgcolor="default")
