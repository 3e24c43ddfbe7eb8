"""What holds on every screen, at any size and on any terminal."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from rich.cells import cell_len
from textual.screen import Screen

import tp1tui.tui.screens
from tests.tui.all_screens import SCREENS, Place, drawn, every_screen, opened
from tests.tui.bench_lab import SMALL, at_home
from tp1tui.tui.terminal.ability import Ability

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
async def test_ascii_draws_no_other_character_and_moves_nothing(place: Place) -> None:
    async with opened(place, SMALL, ability=Ability(unicode=False)) as pilot:
        pilot.app.notify("–·…", title="Said")
        await pilot.pause()
        rows = drawn(pilot)
        assert [row for row in rows if not row.isascii()] == []
        assert {cell_len(row) for row in rows} == {SMALL[0]}
