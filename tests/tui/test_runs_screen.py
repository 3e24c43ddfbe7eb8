"""The list of runs: every key, and what it does to a run's folder."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.builders import let_go, let_go_of, make_run, make_sweep
from tests.tui.bench_lab import MIDDLE, SMALL, at_home, lab, looked
from tests.tui.lab import opened as run_opened
from tests.tui.lab import screen_of, shown, until, written
from tp1tui.journal.commands import Pause, Resume, Stop, take
from tp1tui.journal.events import Failed
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.tickets import line
from tp1tui.journal.writer import JournalWriter
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.keys import in_bar
from tp1tui.tui.screens.confirm import ConfirmModal
from tp1tui.tui.screens.run import RunScreen
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


async def test_runs_are_listed_newest_first_with_state_epochs_and_accuracy(at_home: Path) -> None:
    make_run(at_home / "runs", "cd18", seed=1)
    make_run(at_home / "runs", "digits", state="failed", seed=2)
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        heading, newest, oldest = table(app).text.splitlines()
        assert re.split(r"  +", heading.strip()) == [
            *("run", "state", "epoch", "last test", "best test", "time", "begun", "changes", "device", "dataset")
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
    monkeypatch.setattr(Tp1Tui, "open_run", lambda self, folder, shown_as: opened.append(folder.path))
    folder = make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        await pilot.press("enter")
    assert opened == [folder.path]


async def test_a_run_that_vanished_says_so_when_it_is_opened_and_is_shown_when_it_is_back(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        elsewhere = folder.path.rename(folder.path.with_name("elsewhere"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))
        await until(pilot, lambda: "There is no folder" in shown(screen_of(pilot), "#messages"))
        elsewhere.rename(folder.path)
        await run_opened(pilot)
        assert "There is no folder" not in shown(screen_of(pilot), "#messages")


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
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append(folder.path))
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
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append(device))
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
        assert possible(app) == {
            *("open", "back", "filter", "sort", "select", "compare", "trash", "export CSV", "labels", "quit", "help")
        }


async def test_e_writes_csv_and_says_where(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        await pilot.press("e")
        await written(pilot)
        assert str(folder.path) in next(iter(app._notifications)).message.replace("\n", "")
    assert (folder.path / "epochs.csv").exists()


async def opened(app: Tp1Tui, pilot: Pilot[str | None], *keys: str) -> None:
    """The list, and the keys pressed one by one, each after a look."""
    await pilot.press("r")
    await looked(app, pilot)
    for key in keys:
        await pilot.press(key)
        await looked(app, pilot)


async def test_a_sweep_is_one_row_until_f_unfolds_it(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=MIDDLE, notifications=True) as pilot:
        await opened(app, pilot)
        assert table(app).text.splitlines()[1].split()[:5] == ["digits", "▸", "running", "3/5", "runs"]
        assert len(table(app).text.splitlines()) == 3
        assert "unfold" in possible(app)
        await pilot.press("f")
        rows = [" ".join(row.split()) for row in table(app).text.splitlines()[1:]]
        assert [row.partition(" %")[0] for row in rows[1:3]] == [
            "learning rate 0.003 finished 12/12 67.2",
            "learning rate 0.02 finished 12/12 64.5",
        ]
        assert [row.split()[:4] for row in rows[4:6]] == [
            ["learning", "rate", "0.05", "running"],
            ["learning", "rate", "0.1", "queued"],
        ]
        assert table(app).cursor == sweep.id
        await pilot.press("down", "f")
        assert (len(table(app).text.splitlines()), table(app).cursor) == (3, sweep.id)
    let_go_of(sweep)


async def test_what_stands_under_a_sweep_tells_of_all_its_runs(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished", "failed", "queued"])
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(app, pilot)
        about = str(app.screen.query_one("#about", Static).render())
    assert "5 runs, 1 finished, 1 failed, 3 queued" in about
    assert sweep.id in about
    assert "failed: The GPU ran out of memory." in about


async def test_enter_opens_the_sweep_or_its_member(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opens: list[str] = []
    monkeypatch.setattr(Tp1Tui, "open_run", lambda self, folder, shown_as: opens.append(folder.id))
    monkeypatch.setattr(Tp1Tui, "open_sweep", lambda self, folder: opens.append(folder.id))
    sweep = make_sweep(at_home / "runs", states=["finished"])
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "enter", "f", "down", "enter")
    assert opens == [sweep.id, f"{sweep.id}-1"]


async def test_p_pauses_what_runs_of_a_sweep_and_lets_it_go_on(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    paused = make_sweep(at_home / "runs", states=["finished", "paused", "queued"], number=1)
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "p", "down", "p")
    assert [list(map(type, take(folder))) for _, folder in paused.runs()] == [[], [Resume], [], [], []]
    assert [list(map(type, take(folder))) for _, folder in sweep.runs()] == [[], [], [], [Pause], []]
    for made in (sweep, paused):
        let_go_of(made)


async def test_x_stops_all_of_a_sweep_once_one_is_sure(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished", "running", "queued"])
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot)
        await pilot.press("x")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmModal)
        await pilot.press("n")
        assert len(line(at_home / "runs")) == 3
        await pilot.press("x", "y")
        await pilot.pause()
        assert line(at_home / "runs") == []
        assert [list(map(type, take(folder))) for _, folder in sweep.runs()] == [[], [Stop], [], [], []]
        let_go_of(sweep)
        await looked(app, pilot)
        assert {"stop", "pause"}.isdisjoint(possible(app))
        assert "go on" in possible(app)


async def test_p_puts_what_is_left_of_a_sweep_in_line(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[tuple[str, str]] = []

    def queue(folders: list[RunFolder], otherwise: str) -> None:
        queued.extend((folder.id[-1], otherwise) for folder in folders)

    monkeypatch.setattr(launcher, "queue", queue)
    sweep = make_sweep(at_home / "runs", states=["finished", "stopped", "failed", "queued"])
    app = lab("cuda:1")
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot)
        await pilot.press("x", "y")
        await looked(app, pilot)
        await pilot.press("p")
        await pilot.pause()
    assert queued == [(number, "cuda:1") for number in "2345"]
    assert sweep.spec().runs[0].run.endswith("-1")


@pytest.mark.parametrize("key", ["p", "r"])
async def test_a_member_that_waits_is_started_at_once(key: str, at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spawned: list[str] = []
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append(folder.id[-1]))
    make_sweep(at_home / "runs", states=["finished", "queued"])
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "f", "down", "down", "down")
        assert {"start now", "out of line"} <= possible(app)
        await pilot.press(key)
        await pilot.pause()
    assert spawned == ["3"]
    assert [folder.id[-1] for folder, _ in line(at_home / "runs")] == ["2", "4", "5"]


async def test_x_takes_a_member_out_of_line_without_asking(at_home: Path) -> None:
    make_sweep(at_home / "runs", states=["finished", "queued"])
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "f", "down", "down", "x")
        assert isinstance(app.screen, RunsScreen)
        assert "unstarted" in table(app).text.splitlines()[3]
        assert "out of line" not in possible(app)
        assert "go on" in possible(app)
    assert [folder.id[-1] for folder, _ in line(at_home / "runs")] == ["3", "4", "5"]


async def test_e_writes_a_sweep_into_its_own_folder(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished", "stopped", "queued"])
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "e")
    assert (sweep.path / "points.csv").exists()


async def test_a_measure_shows_that_it_is_one_in_the_place_of_epochs(at_home: Path) -> None:
    from tests.builders import run_spec
    from tp1tui.spec.frozen import MeasureSpec

    page = {key: value for key, value in dict(run_spec("digits")).items() if key in MeasureSpec.model_fields}
    spec = MeasureSpec.model_validate({**page, "kind": "measure", "measure": {"kind": "layer-table"}})
    RunFolder.create(at_home / "runs", spec, datetime(2026, 11, 23, tzinfo=UTC))
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot)
        assert table(app).text.splitlines()[1].split()[:4] == ["digits", "unstarted", "measure", "–"]
