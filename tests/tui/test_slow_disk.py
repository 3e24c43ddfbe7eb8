"""A disk that does not answer: keys do, and what is new is shown when it answers again."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

import tp1tui.tui.app
from tests.builders import events, let_go, make_measure, make_run, make_sweep, run_spec
from tests.tui import comparisons, sweeps
from tests.tui.bench_lab import MIDDLE, at_home, lab, looked
from tests.tui.lab import Lab, journal, opened, possible, shown, until, written
from tests.tui.results_lab import app_on, results_shown
from tests.tui.slow_disk import SlowDisk, asked_here
from tp1tui.journal import commands
from tp1tui.journal.commands import Pause, SwitchTo, take
from tp1tui.journal.events import Batches, Event, Measured, Paused
from tp1tui.journal.fetch import Fetched, Fetcher
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.labels import Labels, labels_of
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import put_in_line
from tp1tui.spec.results import Text
from tp1tui.tui import silent_disk
from tp1tui.tui.farewell import unread
from tp1tui.tui.screens import reading
from tp1tui.tui.screens.bench import BenchScreen
from tp1tui.tui.screens.edit import EditModal
from tp1tui.tui.screens.help import HelpModal
from tp1tui.tui.screens.reading import ReadingPage
from tp1tui.tui.screens.runs import RunsScreen
from tp1tui.tui.widgets.question_list import QuestionList
from tp1tui.tui.widgets.result_pane import ResultPane
from tp1tui.worker import launcher
from tp1tui.worker.launcher import Entered

__all__ = ["at_home"]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Any:
    disk = SlowDisk(monkeypatch)
    yield disk
    disk.answer()


async def test_keys_answer_while_a_run_s_folder_does_not_and_the_news_comes_when_it_does(
    tmp_path: Path, disk: SlowDisk
) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        disk.stall()
        await until(pilot, lambda: disk.under_way)
        journal(folder, Paused(time=2e9, step=1))
        for _ in range(3):
            screen.poll()
            await pilot.press("2")
            assert screen.query_one("#accuracy").display
            await pilot.press("3")
            assert screen.query_one("#batches").display
        assert "● running" in shown(screen, "#head")
        assert disk.most == disk.under_way == 1
        disk.answer()
        await until(pilot, lambda: "‖ paused" in shown(screen, "#head"))
        assert possible(screen)["space"] == "go on"
        assert disk.most == 1


async def test_a_run_is_left_at_once_and_what_was_read_for_it_is_dropped(tmp_path: Path, disk: SlowDisk) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        watched = screen.watched
        assert watched
        done = len(watched.record.losses)
        disk.stall()
        await until(pilot, lambda: disk.under_way)
        journal(folder, Batches(time=2e9, step=done + 1, first_step=done + 1, losses=[1.0], top1=[9.0], images_per_s=1))
        await pilot.press("escape")
        await until(pilot, lambda: not screen.is_attached)
        assert disk.under_way == 1
        looks = disk.looks
        disk.answer()
        await until(pilot, lambda: not disk.under_way)
        await pilot.pause()
        assert len(watched.record.losses) == done
        assert disk.looks == looks


async def test_a_measure_s_keys_answer_as_well(tmp_path: Path, disk: SlowDisk) -> None:
    folder = make_measure(tmp_path, state="running")
    async with app_on(folder).run_test() as pilot:
        page = await results_shown(pilot)
        disk.stall()
        await until(pilot, lambda: disk.under_way)
        known = len(page.query_one(ResultPane).names)
        journal(folder, Measured(time=2e9, step=0, result=Text(name="the last word", text="It converges.")))
        await pilot.press("question_mark")
        await until(pilot, lambda: pilot.app.screen is not page)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is page)
        assert len(page.query_one(ResultPane).names) == known
        disk.answer()
        await until(pilot, lambda: len(page.query_one(ResultPane).names) == known + 1)
        assert disk.most == 1


async def test_a_sweep_s_keys_answer_as_well(at_home: Path, disk: SlowDisk) -> None:
    sweep = make_sweep(at_home / "runs", states=["running"])
    async with sweeps.app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await sweeps.opened(pilot)
        member = sweep.runs()[0][1]
        disk.stall()
        await until(pilot, lambda: disk.under_way)
        journal(member, Paused(time=2e9, step=1))
        before = sweeps.shown(screen, "#loss")
        await pilot.press("l")
        await until(pilot, lambda: sweeps.shown(screen, "#loss") != before)
        assert disk.most == disk.under_way == 1
        disk.answer()
        await until(pilot, lambda: screen.watched and screen.watched.members[0].state == "paused")
        assert disk.most == 1


async def test_a_comparison_s_keys_answer_as_well(at_home: Path, disk: SlowDisk) -> None:
    folders = comparisons.make_runs(at_home / "runs", states=["running"])
    async with comparisons.app_of(folders).run_test(size=MIDDLE) as pilot:
        screen = await comparisons.opened(pilot)
        assert screen.watched
        disk.stall()
        await until(pilot, lambda: disk.under_way)
        journal(folders[0], Paused(time=2e9, step=1))
        await pilot.press("delete", "u", "o")
        assert [run.seen.state for run in screen.watched.runs] == ["running"] * 3
        disk.answer()
        await until(pilot, lambda: screen.watched and screen.watched.runs[0].seen.state == "paused")
        assert disk.most == 1


Opens = Callable[[Path], tuple[Any, Callable[[Pilot[Any]], Any]]]


def a_run(runs: Path) -> tuple[Any, Callable[[Pilot[Any]], Any]]:
    folder, reference = (make_run(runs, epochs=4, seed=seed, state="running") for seed in range(2))
    return Lab(folder, reference), opened


def a_measure(runs: Path) -> tuple[Any, Callable[[Pilot[Any]], Any]]:
    return app_on(make_measure(runs, state="running")), results_shown


def a_sweep(runs: Path) -> tuple[Any, Callable[[Pilot[Any]], Any]]:
    return sweeps.app_of(make_sweep(runs, states=["running"])), sweeps.opened


def a_sweep_in_line(runs: Path) -> tuple[Any, Callable[[Pilot[Any]], Any]]:
    sweep = make_sweep(runs, states=["queued"])
    for _, folder in sweep.runs():
        put_in_line(folder, "cpu")
    return sweeps.app_of(sweep), sweeps.opened


def a_comparison(runs: Path) -> tuple[Any, Callable[[Pilot[Any]], Any]]:
    return comparisons.app_of(comparisons.make_runs(runs, states=["running"])), comparisons.opened


@pytest.mark.parametrize("opens", [a_run, a_measure, a_sweep, a_sweep_in_line, a_comparison])
async def test_the_thread_of_the_keys_asks_the_disk_for_nothing_while_it_follows(
    opens: Opens,
    at_home: Path,
    disk: SlowDisk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = at_home / "runs"
    app, is_opened = opens(runs)
    async with app.run_test(size=MIDDLE) as pilot:
        screen = await is_opened(pilot)
        assert isinstance(screen, ReadingPage)
        asked, looks = asked_here(monkeypatch, runs), disk.looks
        screen.refresh_bindings()
        await until(pilot, lambda: disk.looks > looks + 5)
        assert asked == []


async def test_a_read_that_fails_is_told_until_one_goes_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    look = Fetcher.run

    def fails(_: Fetcher) -> Fetched:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    def told() -> str:
        return " ".join(shown(screen, "#messages").split())  # lines break where the folder's name lets them

    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        monkeypatch.setattr(Fetcher, "run", fails)
        await until(pilot, lambda: "cannot be read: Stale file handle." in told())
        await pilot.press("l")
        assert "cannot be read" in told()
        monkeypatch.setattr(Fetcher, "run", look)
        await until(pilot, lambda: "cannot be read" not in told())


async def test_a_journal_that_begins_anew_is_shown_as_it_is_then(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert screen.watched
        assert screen.watched.record.epochs
        begin: Event = next(iter(events(run_spec().experiment, "running", begin=1000.0)))
        folder.journal_path.write_bytes(b"")
        journal(folder, begin)
        await until(pilot, lambda: screen.watched and not screen.watched.record.epochs)
        await until(pilot, lambda: "The first point comes" in shown(screen, "#loss"))


async def test_the_run_behind_this_one_grows_as_it_goes_on(tmp_path: Path) -> None:
    folder, reference = (make_run(tmp_path, epochs=4, seed=seed, state="running") for seed in range(2))
    async with Lab(folder, reference).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        watched = screen.watched
        assert watched
        assert watched.reference_last
        last = watched.reference_last
        journal(reference, last.model_copy(update={"epoch": last.epoch + 1, "step": last.step + 391}))
        await until(pilot, lambda: watched.reference_last is not last)


async def test_what_keys_ask_of_a_run_waits_for_the_disk_and_no_key_does(
    tmp_path: Path, disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silent_disk, "TOLD_AFTER", 0.01)
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        disk.stall()
        await pilot.press("space", "a")
        assert "switching augmentation on …" in shown(screen, "#head")
        await until(pilot, lambda: disk.writing)
        await pilot.press("2")
        assert screen.query_one("#accuracy").display
        told = "not done yet: pausing, switching augmentation on."
        await until(pilot, lambda: any(told in notice.message for notice in pilot.app._notifications))
        assert take(folder) == []
        await pilot.press("escape")
        await until(pilot, lambda: not screen.is_attached)
        disk.answer()
        await written(pilot)
        assert take(folder) == [Pause(), SwitchTo(switch="augmentation", on=True)]


async def test_a_command_that_cannot_be_given_is_told_and_waited_for_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> None:
        raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

    monkeypatch.setattr(commands, "replacing", full)
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("space")
        assert os.strerror(errno.EDQUOT) in next(iter(pilot.app._notifications)).message
        await until(pilot, lambda: "pausing" not in shown(screen, "#head"))
        assert possible(screen)["space"] == "pause"


async def test_labels_wait_for_the_disk_and_no_key_does(at_home: Path, disk: SlowDisk) -> None:
    one, two = (make_run(at_home / "runs", "cd18", seed=seed) for seed in range(2))
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        disk.stall()
        await pilot.press("P", "down", "N")
        await until(pilot, lambda: isinstance(app.screen, EditModal))
        await pilot.press(*"seen", "enter", "escape")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        disk.answer()
        await written(pilot)
    assert [labels_of(folder.path) for folder in (two, one)] == [Labels(pinned=True), Labels(note="seen")]


async def noted(app: Any, pilot: Pilot[Any], text: str) -> None:
    """The editor of a note, with a text in it."""
    await pilot.press("r")
    await looked(app, pilot)
    await pilot.press("N")
    await until(pilot, lambda: isinstance(app.screen, EditModal))
    app.screen.query_one(Input).value = text


async def test_a_note_that_cannot_be_written_stands_in_its_editor_again(at_home: Path, disk: SlowDisk) -> None:
    folder = make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await noted(app, pilot, "it overfits")
        first = app.screen
        disk.answers_with = OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EditModal) and app.screen is not first)
        assert os.strerror(errno.EDQUOT) in next(iter(app._notifications)).message
        assert app.screen.query_one(Input).value == "it overfits"
        disk.answers_with = None
        await pilot.press("enter")
        await written(pilot)
        assert isinstance(app.screen, RunsScreen)
    assert labels_of(folder.path) == Labels(note="it overfits")


async def test_a_note_that_could_not_be_written_waits_for_its_screen_to_be_on_top(
    at_home: Path, disk: SlowDisk
) -> None:
    make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await noted(app, pilot, "it overfits")
        disk.stall_and_refuse()
        await pilot.press("enter", "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpModal))
        disk.answer()
        await written(pilot)
        assert isinstance(app.screen, HelpModal)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, EditModal))
        assert app.screen.query_one(Input).value == "it overfits"


async def test_a_note_that_could_not_be_written_is_told_where_its_screen_was_left(
    at_home: Path, disk: SlowDisk
) -> None:
    make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await noted(app, pilot, "it overfits")
        disk.stall_and_refuse()
        await pilot.press("enter", "escape")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        disk.answer()
        await written(pilot)
        assert isinstance(app.screen, BenchScreen)
        assert next(iter(app._notifications)).message == "Note of cd18-baseline: it overfits"


@pytest.mark.parametrize("opens", [a_run, a_measure, a_sweep, a_comparison])
async def test_an_export_waits_for_the_disk_and_no_key_does(opens: Opens, at_home: Path, disk: SlowDisk) -> None:
    app, is_opened = opens(at_home / "runs")
    async with app.run_test(size=MIDDLE) as pilot:
        page = await is_opened(pilot)
        disk.stall()
        await pilot.press("e")
        await until(pilot, lambda: app.writes.wait)
        await pilot.press("escape")
        await until(pilot, lambda: not page.is_attached)
        disk.answer()
        await written(pilot)
        assert [notice.title for notice in app._notifications] == ["Exported"]


@pytest.mark.parametrize("make", [make_run, make_sweep])
async def test_an_export_of_the_table_of_runs_waits_for_the_disk_and_no_key_does(
    make: Callable[[Path], RunFolder | SweepFolder], at_home: Path, disk: SlowDisk
) -> None:
    folder = make(at_home / "runs")
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        disk.stall()
        await pilot.press("e")
        await until(pilot, lambda: app.writes.wait)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        disk.answer()
        await written(pilot)
        assert str(folder.path) in next(iter(app._notifications)).message.replace("\n", "")


async def test_leaving_waits_a_moment_for_the_disk_and_no_longer(
    at_home: Path, disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tp1tui.tui.app, "LEAVE", 0.05)
    sweep = make_sweep(at_home / "runs", states=["running"])
    app = sweeps.app_of(sweep)
    async with app.run_test(size=MIDDLE) as pilot:
        await sweeps.opened(pilot)
        disk.stall()
        await pilot.press("space")
        await until(pilot, lambda: disk.writing)
        await pilot.press("q")
    assert app.return_value == unread(at_home / "runs")
    assert app.writes.left_behind == ["The disk did not answer, so this may not have been done: pausing."]


def said(pilot: Pilot[Any]) -> str:
    """What the screen on top says in its place for troubles, lines joined."""
    page = pilot.app.screen
    return " ".join(page.query_one("#messages").text.split()) if page.query("#messages") else ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("opens", [a_run, a_measure, a_sweep, a_comparison])
async def test_a_screen_opens_while_the_disk_does_not_answer_and_says_so(
    opens: Opens, at_home: Path, disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silent_disk, "TOLD_AFTER", 0.0)
    monkeypatch.setattr(reading, "AGAIN", 0.01)
    app, is_opened = opens(at_home / "runs")
    disk.stall()
    async with app.run_test(size=MIDDLE) as pilot:
        await until(pilot, lambda: disk.under_way)
        await until(pilot, lambda: "The disk does not answer" in said(pilot))
        page = pilot.app.screen
        monkeypatch.setattr(silent_disk, "TOLD_AFTER", 3.0)
        disk.answer()
        assert await is_opened(pilot) is page
        await until(pilot, lambda: "The disk does not answer" not in said(pilot))
        assert disk.most == 1


@pytest.mark.parametrize("opens", [a_run, a_measure, a_sweep, a_comparison])
async def test_a_screen_that_waits_to_be_opened_is_left_at_once(opens: Opens, at_home: Path, disk: SlowDisk) -> None:
    app, _ = opens(at_home / "runs")
    disk.stall()
    async with app.run_test(size=MIDDLE) as pilot:
        await until(pilot, lambda: disk.under_way)
        page = pilot.app.screen
        await pilot.press("escape")
        await until(pilot, lambda: not page.is_attached)
        assert disk.under_way


@pytest.mark.parametrize("opens", [a_run, a_measure])
async def test_a_screen_whose_first_reading_fails_says_why_and_tries_again(
    opens: Opens, at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Fetcher) -> Fetched:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), "journal.jsonl")

    monkeypatch.setattr(reading, "AGAIN", 0.01)
    app, is_opened = opens(at_home / "runs")
    with monkeypatch.context() as stale:
        stale.setattr(Fetcher, "run", fails)
        async with app.run_test(size=MIDDLE) as pilot:
            await until(pilot, lambda: "journal.jsonl cannot be read: Stale file handle." in said(pilot))
            stale.undo()
            await is_opened(pilot)
            await until(pilot, lambda: "cannot be read" not in said(pilot))


async def test_a_sweep_that_is_not_there_yet_is_shown_when_it_is(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AGAIN", 0.01)
    sweep = make_sweep(at_home / "runs", states=["finished"])
    elsewhere = sweep.path.rename(at_home / "elsewhere")
    async with sweeps.app_of(sweep).run_test(size=MIDDLE) as pilot:
        await until(pilot, lambda: "is not a sweep's folder" in said(pilot))
        elsewhere.rename(sweep.path)
        await sweeps.opened(pilot)


@pytest.mark.parametrize("opens", [a_run, a_measure, a_sweep, a_comparison])
async def test_a_disk_that_falls_silent_is_told_until_it_answers(
    opens: Opens, at_home: Path, disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, is_opened = opens(at_home / "runs")
    async with app.run_test(size=MIDDLE) as pilot:
        await is_opened(pilot)
        monkeypatch.setattr(silent_disk, "TOLD_AFTER", 0.1)
        disk.stall()
        await until(pilot, lambda: "The disk does not answer" in said(pilot))
        monkeypatch.setattr(silent_disk, "TOLD_AFTER", 100.0)
        disk.answer()
        await until(pilot, lambda: "The disk does not answer" not in said(pilot))


async def test_what_is_started_waits_for_the_disk_once_however_often_enter_is_pressed(
    at_home: Path, disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[RunFolder] = []

    def start(_: Any, runs_dir: Path, *__: Any) -> Entered:
        disk.wait()
        made.append(make_run(runs_dir, "digits", state="running"))
        return Entered(made[-1], waits=False)

    monkeypatch.setattr(launcher, "start_in_turn", start)
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        disk.stall()
        await pilot.press("enter", "enter")
        await until(pilot, lambda: disk.writing)
        before = app.screen.query_one(QuestionList).cursor
        await pilot.press("down")
        assert app.screen.query_one(QuestionList).cursor != before
        disk.answer()
        await opened(pilot)
    assert len(made) == 1
    let_go(made[0])
