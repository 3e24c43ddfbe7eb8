"""Notices: once on the screen, however many dialogs lie over it, and in the app's own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from tests.builders import let_go, make_run
from tests.tui.all_screens import drawn
from tests.tui.bench_lab import SIZES, SMALL, at_home, lab
from tests.tui.lab import until
from tp1tui.tui.screens.confirm import ConfirmModal

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


def count(pilot: Pilot[Any], words: str) -> int:
    return sum(row.count(words) for row in drawn(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_a_notice_is_drawn_once_under_and_over_a_dialog(size: tuple[int, int], at_home: Path) -> None:
    make_run(at_home / "runs")
    app = lab()
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("r")
        await until(pilot, lambda: count(pilot, "finished"))
        app.notify("Nothing can be undone.")
        await until(pilot, lambda: count(pilot, "Nothing can be undone.") == 1)
        app.push_screen(ConfirmModal("Is it well?", "Yes", "No"))
        await until(pilot, lambda: app.screen.query(Toast) and count(pilot, "Is it well?"))
        await until(pilot, lambda: count(pilot, "Nothing can be undone."))
        assert count(pilot, "Nothing can be undone.") == 1
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ConfirmModal))
        await until(pilot, lambda: count(pilot, "Nothing can be undone.") == 1)


@pytest.mark.parametrize(("way", "quits"), [("", "q"), ("slash", "Ctrl+Q"), ("r", "q")])
async def test_ctrl_c_says_what_it_is_for_and_which_key_quits_here(way: str, quits: str) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(*way.split(), "ctrl+c")
        await until(pilot, lambda: app._notifications)
        [said] = [notice.message for notice in app._notifications]
        assert said == f"Ctrl+C copies what the mouse has marked, and nothing is marked. {quits} quits tp1tui."


async def test_ctrl_c_names_the_key_that_leaves_a_run_which_goes_on(at_home: Path) -> None:
    folder = make_run(at_home / "runs", state="running")
    app = lab(watch=folder)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: getattr(app.screen, "watched", None))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: app._notifications)
        assert [notice.message[-17:] for notice in app._notifications] == [". q quits tp1tui."]
    let_go(folder)
