"""Keys that come faster than they are obeyed: a dialog is answered once, and the rest closes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from tests.builders import let_go, make_run
from tests.tui.bench_lab import SMALL, at_home, bench, lab, looked
from tp1tui.journal.commands import Stop, take
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.screens.confirm import ConfirmModal

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


def burst(app: App[str], *keys: str) -> None:
    """Put keys where the app finds them one after another, as a terminal does, nothing done in between."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else {"enter": "\r", "escape": "\x1b"}[key]))


@pytest.fixture(autouse=True)
def nothing_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the second key may do on the screen under a dialog starts no training."""
    monkeypatch.setattr(Tp1Tui, "start", lambda self, spec, device: None)
    monkeypatch.setattr(Tp1Tui, "open_run", lambda self, folder, shown_as: None)


async def settled(pilot: Pilot[str | None]) -> None:
    """Every key has been obeyed."""
    for _ in range(5):
        await pilot.pause()


@pytest.mark.parametrize(("opens", "key"), [("L", "enter"), ("L", "escape"), ("?", "escape"), ("ctrl+p", "escape")])
async def test_a_dialog_of_the_bench_closes_once(opens: str, key: str) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(opens)
        await settled(pilot)
        assert len(app.screen_stack) == 2
        burst(app, key, key)
        await settled(pilot)
        bench(app)


@pytest.mark.parametrize(("key", "commands"), [("y", [Stop]), ("n", []), ("enter", []), ("escape", [])])
async def test_a_question_is_answered_once(key: str, commands: list[type], at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18", state="running")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        await pilot.press("x")
        await settled(pilot)
        assert isinstance(app.screen, ConfirmModal)
        burst(app, key, key)
        await settled(pilot)
        assert not isinstance(app.screen, ConfirmModal)
    assert [type(command) for command in take(folder)] == commands
    let_go(folder)


async def test_what_is_closed_closes_nothing_else() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("L")
        await pilot.pause()
        editor = app.screen
        for _ in range(3):
            editor.dismiss(None)
        await settled(pilot)
        bench(app)


async def test_escape_in_a_burst_leaves_a_page_once() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await settled(pilot)
        burst(app, "escape", "escape")
        await settled(pilot)
        bench(app)
