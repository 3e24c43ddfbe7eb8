"""Without colours, whatever colour told is told by something else."""

from __future__ import annotations

import pytest
from rich.style import Style

from tests.tui.all_screens import SCREENS, Place, opened
from tests.tui.bench_lab import SMALL, at_home
from tp1tui.tui.terminal.ability import Ability
from tp1tui.tui.themes import DARK

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

PLAIN = Ability(colours="none")


async def _styles(place: Place) -> dict[str, Style]:
    async with opened(place, SMALL, ability=PLAIN, theme="light") as pilot:
        assert pilot.app.theme == DARK.name
        strips = pilot.app.screen._compositor.render_strips()
        return {segment.text.strip(): segment.style or Style() for strip in strips for segment in strip}


async def test_the_cursor_is_in_reverse_where_the_keys_go_and_underlined_elsewhere() -> None:
    styles = await _styles(SCREENS["bench"])
    assert styles["digits  a first network, in"].reverse
    assert styles["1 question"].reverse
    assert not styles["2 experiment"].reverse
    styles = await _styles(SCREENS["bench-fields"])
    assert any(style.reverse for style in styles.values())
