"""Screens that end at the wrong moment, or are two: the training goes on, and no process stays behind."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.chaos.lone_terminal import SCRIPT, LoneTerminal
from tests.end_to_end.tmux import Tmux, needs_tmux
from tests.endings import end_all
from tests.forked import start
from tests.waiting import until, until_record, until_state
from tests.worker.conftest import spec_of
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import holder

ENDLESS = "epochs=1000000"
PATIENCE = 30.0
RESTORED = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?2004l")
"""Back from the other screen, with a cursor, without reports of the mouse and of pasted text."""
ENDS = {
    "SIGKILL": lambda terminal: terminal.process.send_signal(signal.SIGKILL),
    "SIGHUP": lambda terminal: terminal.process.send_signal(signal.SIGHUP),
    "SIGTERM": lambda terminal: terminal.process.send_signal(signal.SIGTERM),
    "SIGINT": lambda terminal: terminal.process.send_signal(signal.SIGINT),
    "pulled out": LoneTerminal.pull_out,
}
TIDY = ("SIGTERM", "SIGINT")
Record = Callable[[str, object], None]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Path]:
    """A folder to work in; whatever works there at the end is ended."""
    yield tmp_path
    end_all(tmp_path / "runs")


def new_run(desk: Path) -> RunFolder:
    """Made so long ago that nobody expects a worker of its own to come."""
    return RunFolder.create(desk / "runs", spec_of("ab2.4", ENDLESS), datetime(2026, 11, 1, tzinfo=UTC))


def opened(folder: RunFolder, desk: Path) -> LoneTerminal:
    """The screen on a run, drawn."""
    terminal = LoneTerminal("watch", folder.id, "--runs-dir", str(folder.path.parent), folder=desk)
    terminal.wait_for("epoch ")
    return terminal


def end(terminal: LoneTerminal, how: str) -> None:
    """End a screen, and see that its process goes, and that it leaves the terminal as it was where it can."""
    before = terminal.before
    assert terminal.attributes() != before
    ENDS[how](terminal)
    terminal.process.wait(PATIENCE)
    if how in TIDY:
        assert terminal.attributes() == before
        until(lambda: all(code in terminal.written for code in RESTORED), "the terminal to be given back")
        assert "Traceback" not in terminal.written


@pytest.mark.parametrize(
    "how", [pytest.param(how, marks=pytest.mark.long) if how in ("SIGHUP", "SIGINT") else how for how in ENDS]
)
def test_a_screen_that_ends_leaves_the_training_that_it_started_alone(
    desk: Path, how: str, record_property: Record
) -> None:
    folder = new_run(desk)
    terminal = LoneTerminal("watch", folder.id, "--runs-dir", str(folder.path.parent), folder=desk)
    terminal.wait_for("r starts it")
    terminal.press("r")
    before = until_record(folder, lambda record: len(record.epochs) > 1, "an epoch")
    worker = holder(folder)
    end(terminal, how)
    after = until_record(folder, lambda record: record.step > before.step + 200, "training with no screen")
    assert Follower(folder).state() == "running"
    assert holder(folder) == worker
    assert after.damages == []
    if how in TIDY:
        assert "tp1tui watch" in terminal.written  # how to come back
    record_property("ended_screens", 1)


@pytest.mark.long
def test_screens_that_end_at_any_moment_hurt_no_run(desk: Path, record_property: Record) -> None:
    folder, chance, times = new_run(desk), random.Random(0), 0
    worker = start(folder)
    until_record(folder, lambda record: len(record.epochs) > 1, "an epoch")
    for how in list(ENDS) * 8:
        terminal = LoneTerminal("watch", folder.id, "--runs-dir", str(folder.path.parent), folder=desk)
        if how == "SIGKILL":
            worker.join(chance.uniform(0, 1.5))
        elif how == "pulled out":  # as soon as it has the terminal
            terminal.wait_for("\x1b[?1049h")
        else:  # signals that it minds from its first picture on
            terminal.wait_for("epoch ")
        for key in ("2", " ", " "):
            terminal.press(key)
        ENDS[how](terminal)
        terminal.process.wait(PATIENCE)
        times += 1
    record = until_state(folder, "running", "paused")
    assert record.damages == []
    assert record.resumes == 0
    assert worker.is_alive()
    record_property("ended_screens", times)


@needs_tmux
def test_two_screens_on_one_run_both_follow_and_both_command(desk: Path, record_property: Record) -> None:
    folder = new_run(desk)
    start(folder)
    until_record(folder, lambda record: len(record.epochs) > 1, "an epoch")
    command = f"{SCRIPT} watch {folder.id} --runs-dir {folder.path.parent}"
    one, other = (Tmux(command, desk, 120, 40) for _ in range(2))
    try:
        for window in (one, other):
            window.wait_for("● running")
        for window in (one, other, one):
            window.press("Space")
            until_state(folder, "paused")
            for seen in (one, other):
                seen.wait_for("‖ paused")
            (other if window is one else one).press("Space")
            until_state(folder, "running")
            for seen in (one, other):
                seen.wait_for("● running")
        one.press("Space")
        other.press("Space")  # at the same moment: both are obeyed, in some order, and neither breaks anything
        until(lambda: not list(folder.commands_dir.glob("*.json")), "the commands to be taken")
        other.press("x")
        other.wait_for("Stop it")
        os.kill(one.pid(), signal.SIGKILL)
        other.press("y")
        until_state(folder, "stopped")
        other.wait_for("■ stopped")
    finally:
        for window in (one, other):
            window.close()
    assert Follower(folder).troubles == []
    record_property("commands_of_two_screens", 9)
