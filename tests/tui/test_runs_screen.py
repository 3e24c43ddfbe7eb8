"""The list of runs: every key, and what it does to a run's folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.builders import let_go, make_run
from tests.tui.bench_lab import MIDDLE, SMALL, at_home, lab
from tp1tui.journal.commands import Pause, Resume, Stop, take
from tp1tui.journal.events import Failed
from tp1tui.journal.writer import JournalWriter
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.keys import in_bar
from tp1tui.tui.screens.confirm import ConfirmModal
from tp1tui.tui.screens.runs import RunsScreen
from tp1tui.tui.widgets.run_table import RunTable
from tp1tui.tui.widgets.topbar import TopBar
from tp1tui.worker import launcher

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


def table(app: Tp1Tui) -> RunTable:
    return app.screen.query_one(RunTable)


def possible(app: Tp1Tui) -> set[str]:
    return {entry.description for entry in in_bar(app.screen)}


async def looked(app: Tp1Tui, pilot: Pilot[str | None]) -> None:
    """The app has looked at the runs, and the screen shows it."""
    await app.workers.wait_for_complete()
    await app.take_a_look().wait()
    await pilot.pause()


async def test_runs_are_listed_newest_first_with_state_epochs_and_accuracy(at_home: Path) -> None:
    make_run(at_home / "runs", "cd18", seed=1)
    make_run(at_home / "runs", "digits", state="failed", seed=2)
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        heading, newest, oldest = table(app).text.splitlines()
        assert heading.split() == [
            "run",
            "of",
            "state",
            "epoch",
            "last",
            "test",
            "best",
            "test",
            "time",
            "begun",
            "device",
        ]
        assert newest.split()[:3] == ["digits", "failed", "6/12"]
        assert oldest.split()[:3] == ["cd18-baseline", "finished", "12/12"]


async def test_a_narrow_list_keeps_the_best_accuracy_and_the_line_below_tells_the_rest(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        assert "best test" in table(app).text
        about = str(app.screen.query_one("#about", Static).render())
        assert folder.id in about
        assert "cpu" in about


async def test_without_runs_the_list_says_what_to_do() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        assert "There are no runs here yet." in str(app.screen.query_one("#nothing", Static).render())
        assert possible(app) == {"back", "quit", "help"}


async def test_a_runs_folder_that_cannot_be_read_is_told(at_home: Path) -> None:
    (at_home / "runs").write_text("not a folder")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        assert "cannot be read" in str(app.screen.query_one("#nothing", Static).render())
        assert app.screen.query_one(TopBar).state == ""


async def test_a_run_that_cannot_be_read_is_a_row_with_the_sentence(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18")
    folder.spec_path.write_text("epochs = ")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        assert "unreadable" in table(app).text
        assert "experiment.toml" in table(app).text
        assert {"open", "export CSV", "go on"}.isdisjoint(possible(app))


async def test_the_cursor_stays_on_its_run_when_a_newer_one_appears(at_home: Path) -> None:
    old = make_run(at_home / "runs", "cd18", seed=1)
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        make_run(at_home / "runs", "digits", seed=2)
        await looked(app, pilot)
        assert table(app).cursor == old.id
        await pilot.press("up")
        assert table(app).cursor != old.id


async def test_enter_opens_the_run(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(Tp1Tui, "open_run", lambda self, folder: opened.append(folder.path))
    folder = make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        await pilot.press("enter")
    assert opened == [folder.path]


async def test_a_run_that_vanished_is_told_when_it_is_opened(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        folder.path.rename(folder.path.with_name("elsewhere"))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, RunsScreen)
        assert "There is no folder" in next(iter(app._notifications)).message


async def test_p_pauses_a_running_run_and_lets_a_paused_one_go_on(at_home: Path) -> None:
    running = make_run(at_home / "runs", "cd18", state="running", seed=2)
    paused = make_run(at_home / "runs", "cd18", state="paused", seed=1)
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        assert "pause" in possible(app)
        await pilot.press("p")
        await pilot.press("down")
        assert "go on" in possible(app)
        await pilot.press("p")
        await pilot.pause()
    assert [type(command) for command in take(running)] == [Pause]
    assert [type(command) for command in take(paused)] == [Resume]
    for folder in (running, paused):
        let_go(folder)


async def test_p_starts_a_worker_on_an_interrupted_run(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spawned: list[Path] = []
    monkeypatch.setattr(launcher, "_spawn", lambda folder, device: spawned.append(folder.path))
    folder = make_run(at_home / "runs", "cd18", state="interrupted")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        await pilot.press("p")
        await pilot.pause()
    assert spawned == [folder.path]


async def test_a_run_that_failed_before_it_began_says_why_and_starts_on_the_device_of_the_bench(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned: list[str] = []
    monkeypatch.setattr(launcher, "_spawn", lambda folder, device: spawned.append(device))
    folder = make_run(at_home / "runs", "cd18", state="queued", settings=["dropout.enabled=true"])
    with JournalWriter(folder.journal_path) as journal:
        journal.append(Failed(time=2e9, step=0, reason="There is no GPU here."))
    app = lab("cuda:1")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        about = str(app.screen.query_one("#about", Static).render())
        assert "failed: There is no GPU here." in about
        assert "not begun yet" not in about
        assert "with dropout on, epochs 12" in about
        await pilot.press("p")
        await pilot.pause()
    assert spawned == ["cuda:1"]


@pytest.mark.parametrize(("answers", "commands"), [(["y"], [Stop]), (["n"], []), (["escape"], []), (["enter"], [])])
async def test_x_asks_before_it_stops_and_no_is_the_answer_at_hand(
    answers: list[str], commands: list[type], at_home: Path
) -> None:
    folder = make_run(at_home / "runs", "cd18", state="running")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        await pilot.press("x")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmModal)
        await pilot.press(*answers)
        await pilot.pause()
        assert isinstance(app.screen, RunsScreen)
    assert [type(command) for command in take(folder)] == commands
    let_go(folder)


async def test_a_finished_run_can_be_neither_paused_nor_stopped_nor_resumed(at_home: Path) -> None:
    make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        assert possible(app) == {"open", "export CSV", "back", "quit", "help"}


async def test_e_writes_csv_and_says_where(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        await pilot.press("e")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert str(folder.path) in next(iter(app._notifications)).message
    assert (folder.path / "epochs.csv").exists()
