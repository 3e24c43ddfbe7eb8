"""What holds on every screen, at any size and on any terminal."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.scrollbar import ScrollBarRender

import tp1tui.tui.screens
from tests.tui.all_screens import SCREENS, Place, drawn, every_screen, opened, strips
from tests.tui.bench_lab import MIDDLE, SMALL, at_home
from tests.tui.eyes import contrast
from tp1tui.tui.keys import in_bar, possible_now
from tp1tui.tui.palette import CURSOR, PossibleNow
from tp1tui.tui.screens.help import key_lines
from tp1tui.tui.screens.page import Page
from tp1tui.tui.terminal.ability import Ability
from tp1tui.tui.terminal.plain_ascii import as_ascii
from tp1tui.tui.themes import DARK, THEMES
from tp1tui.tui.widgets.too_small import TooSmall

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


def test_the_list_of_screens_is_whole() -> None:
    for module in pkgutil.iter_modules(tp1tui.tui.screens.__path__, "tp1tui.tui.screens."):
        importlib.import_module(module.name)
    screens = {
        cls for cls in _subclasses(Screen) if cls.__module__.startswith("tp1tui.") and cls.__name__.endswith("Screen")
    }
    assert {cls.__name__ for cls in screens} <= {place.there for place in SCREENS.values()}


def _subclasses(cls: type) -> set[type]:
    """All below a class; those that generics make of it do not count."""
    below = {sub for sub in cls.__subclasses__() if sub.__module__.startswith(("tp1tui.", "textual."))}
    return below | {deeper for sub in below for deeper in _subclasses(sub)}


@every_screen
async def test_a_terminal_with_neither_unicode_nor_colours_is_sent_none_and_nothing_moves(place: Place) -> None:
    async with opened(place, SMALL, ability=Ability(unicode=False, colours="none"), theme="light") as pilot:
        assert pilot.app.theme == DARK.name
        pilot.app.notify("–·…", title="Said")
        await pilot.pause()
        rows = drawn(pilot)
        assert [row for row in rows if not row.isascii()] == []
        assert {cell_len(row) for row in rows} == {SMALL[0]}
        for style in {segment.style or Style() for strip in strips(pilot) for segment in strip}:
            assert all(colour is None or colour.is_default for colour in (style.color, style.bgcolor))


@every_screen
async def test_its_keys_are_told_any_size_is_borne_and_its_words_are_readable(place: Place) -> None:
    async with opened(place, SMALL) as pilot:
        _help_and_palette_tell_what_is_possible_and_only_that(pilot)
        await _no_size_breaks_anything(pilot)
        await pilot.resize_terminal(*MIDDLE)
        await _words_are_readable_in_every_look(pilot)


def _help_and_palette_tell_what_is_possible_and_only_that(pilot: Pilot[Any]) -> None:
    screen = pilot.app.screen
    active = {
        key: one
        for key, one in screen.active_bindings.items()
        if one.enabled and one.binding.description and not one.binding.system and not key.startswith("super+")
    }
    told = [key for entry in possible_now(screen) for key in entry.keys]
    assert sorted(told) == sorted(active)
    assert len(key_lines(screen)) == len(possible_now(screen))
    offered = PossibleNow(screen).entries()
    for entry in offered:
        assert pilot.app._check_action_state(entry.action, entry.namespace)
    keys = {key for entry in offered for key in entry.keys}
    ours = {key for key, one in active.items() if one.binding.id}
    assert ours - CURSOR - {"ctrl+p"} <= keys <= ours
    assert {key for entry in in_bar(screen) for key in entry.keys} <= set(told)
    if isinstance(screen, Page):
        assert screen.HELP


SIZES = [(1, 1), (1, 30), (200, 3), (40, 12)]


async def _no_size_breaks_anything(pilot: Pilot[Any]) -> None:
    for width, height in SIZES:
        await pilot.resize_terminal(width, height)
        await pilot.pause()
        assert [cell_len(row) for row in drawn(pilot)] == [width] * height


LEAST = 2.6
"""Contrast of dimmed words; that of plain ones is held in test_themes."""


async def _words_are_readable_in_every_look(pilot: Pilot[Any]) -> None:
    if isinstance(pilot.app.screen, ModalScreen):
        return  # under which a screen is meant to fade
    for name in ("light", "high-contrast", "dark"):
        pilot.app.theme = THEMES[name].name
        await pilot.pause()
        assert (name, _unreadable(pilot)) == (name, [])


def _unreadable(pilot: Pilot[Any]) -> list[tuple[str, float]]:
    """Words with too little contrast to what lies behind them; those of pictures do not count."""
    found = []
    for strip in strips(pilot):
        for text, style, _ in strip:
            if any(character.isalnum() for character in text):
                front, behind = _colours(style or Style())
                if (seen := contrast(front, behind)) < LEAST:
                    found.append((text, round(seen, 2)))
    return found


def _colours(style: Style) -> tuple[str, str]:
    front, behind = (
        (colour.get_truecolor().hex if colour else other)
        for colour, other in ((style.color, "#ffffff"), (style.bgcolor, "#000000"))
    )
    return (behind, front) if style.reverse else (front, behind)


async def test_where_nothing_fits_a_sentence_says_so() -> None:
    async with opened(SCREENS["bench"], (59, 15)) as pilot:
        text = " ".join(" ".join(drawn(pilot)).split())
        assert text == (
            "tp1tui needs 60 columns and 16 rows, better 80 and 24. Here are 59 and 15. What trains goes on."
        )
        await pilot.resize_terminal(60, 16)
        await pilot.pause()
        assert "Start here" in " ".join(drawn(pilot))
        assert not pilot.app.screen.query(TooSmall)


@pytest.mark.parametrize("keys", ["L", "question_mark", "ctrl+p"])
async def test_where_a_dialog_does_not_fit_the_same_sentence_covers_it(keys: str) -> None:
    async with opened(SCREENS["bench"], SMALL) as pilot:
        await pilot.press(keys)
        await pilot.pause()
        assert isinstance(pilot.app.screen, ModalScreen)
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        assert pilot.app.screen.query_one(TooSmall).region == Region(0, 0, 40, 10)
        text = " ".join(" ".join(drawn(pilot)).split())
        assert text == (
            "tp1tui needs 60 columns and 16 rows, better 80 and 24. Here are 40 and 10. What trains goes on."
        )
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        assert not pilot.app.screen.query(TooSmall)


def test_in_ascii_the_end_of_a_scrollbar_is_no_mark_that_the_name_beside_it_may_have() -> None:
    assert {"*", "+"}.isdisjoint(map(as_ascii, ScrollBarRender.VERTICAL_BARS))
