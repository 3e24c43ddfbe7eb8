"""Every screen in other looks: each word is readable."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.app import App
from textual.screen import ModalScreen

from tests.tui.all_screens import Place, every_screen, opened
from tests.tui.bench_lab import MIDDLE, at_home
from tests.tui.eyes import contrast
from tp1tui.tui.themes import THEMES

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

LEAST = 2.6
"""Contrast of dimmed words; that of plain ones is held in test_themes."""


@every_screen
async def test_words_are_readable_in_every_look(place: Place) -> None:
    async with opened(place, MIDDLE) as pilot:
        if isinstance(pilot.app.screen, ModalScreen):
            return  # under which a screen is meant to fade
        for name in ("light", "high-contrast", "dark"):
            pilot.app.theme = THEMES[name].name
            await pilot.pause()
            assert (name, _unreadable(pilot.app)) == (name, [])


def _unreadable(app: App[object]) -> list[tuple[str, float]]:
    """Words with too little contrast to what lies behind them; those of pictures do not count."""
    found = []
    for strip in app.screen._compositor.render_strips():
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
