"""What is sent to the terminal: the cells that differ, and all of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from tests.tui.all_screens import SCREENS, drawn, opened
from tests.tui.bench_lab import MIDDLE, at_home
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.terminal.difference import Shown
from tp1tui.tui.terminal.escapes import written

__all__ = ["at_home"]

WIDTH = 12
_CODE = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")


class Screenful:
    """A terminal that knows moves of the cursor, colours and text."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[(" ", "")] * width for _ in range(height)]
        self._row = self._column = 0
        self._pen: dict[str, str] = {}

    def write(self, text: str) -> None:
        place = 0
        for code in _CODE.finditer(text):
            self._put(text[place : code.start()])
            place = code.end()
            if code[2] == "H":
                row, column = code[1].split(";")
                self._row, self._column = int(row) - 1, int(column) - 1
            else:
                self._change(code[1])
        self._put(text[place:])

    def _put(self, text: str) -> None:
        for character in text:
            seen = self._pen if character != " " else {key: self._pen[key] for key in self._pen if key in ("4", "48")}
            look = ",".join(map(str, sorted(seen.items())))
            for part in (character, *[""] * (cell_len(character) - 1)):
                self.cells[self._row][self._column] = (part, look)
                self._column += 1

    def _change(self, code: str) -> None:
        for part in re.findall(r"[34]8;2;\d+;\d+;\d+|\d+", code):
            if part == "0":
                self._pen = {}
            elif part in ("39", "49"):
                self._pen.pop(f"{part[0]}8", None)
            else:
                self._pen[part.split(";")[0]] = part

    def rows(self) -> list[str]:
        return ["".join(character for character, _ in row) for row in self.cells]


styles = st.builds(
    Style,
    color=st.sampled_from([None, "#ff0000", "#00ff00"]),
    bgcolor=st.sampled_from([None, "#000011", "#222222"]),
    bold=st.sampled_from([None, True]),
    underline=st.sampled_from([None, True]),
)
strips = st.lists(st.tuples(st.text("ab ·漢", max_size=5), styles), max_size=6).map(
    lambda parts: Strip([Segment(*part) for part in parts]).adjust_cell_length(WIDTH, Style())
)
screens = st.lists(strips, min_size=3, max_size=3)


@given(st.lists(screens, min_size=1, max_size=4))
def test_after_any_changes_the_terminal_shows_what_it_would_show_if_all_were_sent(shots: list[list[Strip]]) -> None:
    shown, screen = Shown(), Screenful(WIDTH, 3)
    for shot in shots:
        changes = shown.changes(_whole(shot), Size(WIDTH, 3))
        screen.write(changes.render_segments(_console()) if changes else "")
    whole = Screenful(WIDTH, 3)
    again = Shown().changes(_whole(shots[-1]), Size(WIDTH, 3))
    assert again is not None
    whole.write(again.render_segments(_console()))
    assert screen.cells == whole.cells
    assert screen.rows() == [strip.text for strip in shots[-1]]


@given(screens)
def test_what_is_shown_already_is_not_sent(shot: list[Strip]) -> None:
    shown = Shown()
    shown.changes(_whole(shot), Size(WIDTH, 3))
    assert shown.changes(_whole(shot), Size(WIDTH, 3)) is None
    shown.forget()
    assert shown.changes(_whole(shot), Size(WIDTH, 3)) is not None


def test_a_changed_letter_is_sent_alone() -> None:
    shown = Shown()
    shown.changes(_whole([Strip([Segment("epoch 11 of")])]), Size(11, 1))
    changes = shown.changes(_whole([Strip([Segment("epoch 12 of")])]), Size(11, 1))
    assert changes is not None
    assert changes.render_segments(_console()) == "\x1b[1;8H2\x1b[0m"


def test_a_code_is_sent_where_it_changes_and_blanks_take_any_text_colour() -> None:
    red, blank = Style(color="#ff0000", bgcolor="#000011", bold=True), Style(bgcolor="#000011")
    text = written([("a", red), (" ", blank), ("b", red), ("c", Style(color="#00ff00"))], ColorSystem.TRUECOLOR)
    assert text == "\x1b[1;38;2;255;0;0;48;2;0;0;17ma b\x1b[0;38;2;0;255;0mc\x1b[0m"


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    "keys", ["down down d r escape", "question_mark escape ctrl+p c escape", "2 e down L 7 escape"]
)
async def test_the_terminal_shows_what_the_screen_is(keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screenful(*MIDDLE)
    changes = Shown.changes

    def sent(self: Shown, update: CompositorUpdate, size: Size) -> CompositorUpdate | None:
        found = changes(self, update, size)
        screen.write(found.render_segments(_console()) if found else "")
        return found

    monkeypatch.setattr(Shown, "changes", sent)
    monkeypatch.setattr(Tp1Tui, "_sends", property(lambda app: not app._batch_count))
    async with opened(SCREENS["bench"], MIDDLE) as pilot:
        for key in keys.split():
            await pilot.press(key)
            await pilot.pause(0.05)
            assert screen.rows() == drawn(pilot)


def _whole(strips: list[Strip]) -> LayoutUpdate:
    return LayoutUpdate([[strip] for strip in strips], Region(0, 0, strips[0].cell_length, len(strips)))


def _console() -> Any:
    return Console(color_system="truecolor", force_terminal=True, width=200)
