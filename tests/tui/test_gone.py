"""A run's folder that goes under its screen: the screen says so, keeps what was read, and leads back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import let_go, make_measure, make_run, make_sweep
from tests.tui import comparisons, sweeps
from tests.tui.bench_lab import at_home
from tests.tui.lab import Lab, opened, possible, shown, until
from tests.tui.results_lab import app_on, results_shown
from tp1tui.journal.events import Warned
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.gone import gone
from tp1tui.journal.state import RunState
from tp1tui.journal.writer import JournalWriter
from tp1tui.tui.run.watch import RunWatch
from tp1tui.tui.screens.run import RunScreen

__all__ = ["at_home"]

pytestmark = pytest.mark.chaos


def message(screen: Any) -> str:
    return " ".join(str(screen.query_one("#messages").text).split())


def is_told(folder: RunFolder, told: str) -> bool:
    """However its lines are broken."""
    return "".join(gone(folder).split()) in "".join(told.split())


def move_away(folder: RunFolder) -> Path:
    return folder.path.rename(folder.path.with_name("moved"))


def notices(pilot: Pilot[Any]) -> list[str]:
    return [notice.message for notice in pilot.app._notifications]


@pytest.mark.parametrize("state", ["running", "paused", "finished", "interrupted", "queued"])
async def test_the_screen_says_that_it_is_gone_and_r_why_nothing_is_started(tmp_path: Path, state: RunState) -> None:
    folder = make_run(tmp_path / "runs", epochs=4, state=state)
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert screen.look
        epochs = screen.look.record.epochs
        shutil.rmtree(folder.path)
        if state in ("running", "paused"):
            let_go(folder)
        await until(pilot, lambda: "✗ folder gone" in shown(screen, "#head"))
        assert "is gone: it was moved or removed." in message(screen)
        assert folder.id in message(screen).replace(" ", "")
        assert "Esc leads back" in message(screen)
        assert "No worker has taken this run up yet" not in message(screen)
        assert screen.look.record.epochs == epochs
        assert {"r", "x", "space", "e", "S"}.isdisjoint(possible(screen))
        await pilot.press("r")
        assert notices(pilot) == [gone(folder)]
        await pilot.press("space", "x", "e", "S")
        assert not folder.path.exists()
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, RunScreen))


async def test_one_that_comes_back_is_followed_on(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "runs", epochs=4, state="interrupted")
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        moved = move_away(folder)
        await until(pilot, lambda: "✗ folder gone" in shown(screen, "#head"))
        moved.rename(folder.path)
        await until(pilot, lambda: "◌ interrupted" in shown(screen, "#head"))
        assert gone(folder) not in message(screen)
        assert possible(screen)["r"] == "resume"


async def test_what_was_asked_of_it_is_waited_for_no_more(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "runs", epochs=4, state="running")
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("space")
        await until(pilot, lambda: "pausing …" in shown(screen, "#head"))
        shutil.rmtree(folder.path)
        let_go(folder)
        await until(pilot, lambda: "✗ folder gone" in shown(screen, "#head"))
        assert "pausing" not in shown(screen, "#head")


async def test_a_measure_s_screen_says_so_as_well(tmp_path: Path) -> None:
    folder = make_measure(tmp_path / "runs", state="running")
    async with app_on(folder).run_test(size=(80, 24)) as pilot:
        page = await results_shown(pilot)
        shutil.rmtree(folder.path)
        let_go(folder)
        await until(pilot, lambda: "✗ folder gone" in str(page.query_one("#head").text))  # type: ignore[attr-defined]
        assert "is gone: it was moved or removed." in message(page)
        await pilot.press("r", "x", "e")
        assert notices(pilot) == [gone(folder)]
        assert not folder.path.exists()


def test_what_a_worker_says_in_journal_and_log_is_shown_once(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="interrupted")
    with JournalWriter(folder.journal_path) as journal:
        journal.append(Warned(time=2e9, step=1, message=f"{folder.path} is lost. {'So are we. ' * 40}"))
    folder.log_path.write_text(f"something else\n{folder.path} is lost. {'So are we. ' * 40}\n")
    assert RunWatch(folder, None).look(2e9).last_words == ("something else",)


async def test_a_sweep_s_screen_goes_on_with_what_is_left(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["interrupted"])
    async with sweeps.app_of(sweep).run_test(size=(80, 24)) as pilot:
        screen = await sweeps.opened(pilot)
        members = [folder for _, folder in sweep.runs()]
        shutil.rmtree(members[0].path)
        await until(pilot, lambda: is_told(members[0], sweeps.shown(screen, "#messages")))
        shutil.rmtree(at_home / "runs")
        await until(pilot, lambda: screen.watched and not screen.watched.members)
        await pilot.press("r", "x", "space", "enter", "down", "e", "1", "2", "3")
        assert list(at_home.glob("runs/*")) == []
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen)


async def test_a_comparison_goes_on_with_what_is_left(at_home: Path) -> None:
    folders = [make_run(at_home / "runs", epochs=4, state="interrupted", seed=seed) for seed in range(3)]
    async with comparisons.app_of(folders).run_test(size=(80, 24)) as pilot:
        screen = await comparisons.opened(pilot)
        shutil.rmtree(folders[0].path)
        await until(pilot, lambda: is_told(folders[0], comparisons.shown(screen, "#messages")))
        shutil.rmtree(at_home / "runs")
        await until(pilot, lambda: is_told(folders[1], comparisons.shown(screen, "#messages")))
        await pilot.press("enter", "down", "b", "e", "1", "2", "3")
        assert list(at_home.glob("runs/*")) == []
