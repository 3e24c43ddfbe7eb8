"""Processes that end at the wrong moment, twice, or never: no run is lost, taken twice, or blamed on a stranger."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psutil
import pytest

from tests.cli.calls import answer, refusal
from tests.forked import start
from tests.measured import figures
from tests.tui.lab import Lab, opened, possible, shown
from tests.tui.lab import until as until_shown
from tests.waiting import until, until_record, until_state
from tests.worker.conftest import spec_of
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import holder, is_held
from tp1tui.worker.main import DONE, WRONG_USAGE

ENDLESS = "epochs=1000000"
SHORT = "epochs=3"
PATIENCE = 120.0
Record = Callable[[str, object], None]


def new_run(runs_dir: Path, *changes: str) -> RunFolder:
    return RunFolder.create(runs_dir, spec_of("ab2.4", *changes), datetime.now(UTC))


# A worker that dies without a word.


@pytest.mark.parametrize(
    "how",
    [
        signal.SIGSEGV,
        signal.SIGKILL,
        *(pytest.param(how, marks=pytest.mark.long) for how in (signal.SIGABRT, signal.SIGBUS)),
    ],
    ids=lambda how: how.name,
)
async def test_a_worker_that_crashes_is_told_and_the_screen_answers(
    tmp_path: Path, how: signal.Signals, record_property: Record
) -> None:
    folder = new_run(tmp_path, ENDLESS)
    worker = start(folder)
    until_record(folder, lambda record: len(record.epochs) > 1, "an epoch")
    async with Lab(folder).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        os.kill(worker.pid or 0, how)
        await until_shown(pilot, lambda: "◌ interrupted" in shown(screen, "#head"))
        await until_shown(pilot, lambda: "r goes on from the last checkpoint" in shown(screen, "#messages"))
        crashed = how is not signal.SIGKILL
        assert ("Fatal Python error" in shown(screen, "#messages")) == crashed
        assert ("line " in shown(screen, "#messages")) == crashed
        assert possible(screen)["r"] == "resume"
        await pilot.press("2")
        await pilot.press("q")
        await until_shown(pilot, lambda: getattr(pilot.app, "left", False))
    page = answer("show", folder.id, "--runs-dir", tmp_path)
    assert "Interrupted; " in page
    assert ("Fatal Python error" in page) == crashed
    again = start(folder)
    until_record(folder, lambda record: record.resumes == 1, "the run to go on")
    again.terminate()
    record_property("crashes", 1)


# Two workers offered one run.


def offered_to_two(runs_dir: Path, seed: int) -> tuple[RunFolder, list[ForkServerProcess]]:
    """A run, and two workers that were started on it at once, the first to ask drawn by chance."""
    folder = new_run(runs_dir, SHORT)
    chance = random.Random(seed)
    pulse = chance.uniform(0, 0.02)
    first = start(folder)
    first.join(pulse if seed % 2 else 0)
    return folder, [first, start(folder)]


def check_two_workers(runs_dir: Path, times: int) -> None:
    undisturbed = new_run(runs_dir, SHORT)
    start(undisturbed).join(PATIENCE)
    expected = figures(until_state(undisturbed, "finished"))
    for seed in range(times):
        folder, workers = offered_to_two(runs_dir, seed)
        for worker in workers:
            worker.join(PATIENCE)
        assert sorted(worker.exitcode or 0 for worker in workers) in ([DONE, DONE], [DONE, WRONG_USAGE])
        record = until_state(folder, "finished")
        assert record.damages == []
        assert figures(record) == expected
        said = folder.log_path.read_text()
        refused = any(worker.exitcode == WRONG_USAGE for worker in workers)
        assert ("is being trained already, by process" in said) == refused
        assert "Traceback" not in said


@pytest.mark.long
def test_of_two_workers_one_trains_and_the_other_says_so(tmp_path: Path, record_property: Record) -> None:
    check_two_workers(tmp_path, 4)
    record_property("two_workers", 4)


@pytest.mark.long
def test_of_two_workers_one_trains_however_often_they_meet(tmp_path: Path, record_property: Record) -> None:
    check_two_workers(tmp_path, 40)
    record_property("two_workers", 40)


# A reboot: the number of a process that is gone belongs to somebody else.


@pytest.fixture
def stranger() -> Iterator[psutil.Process]:
    """A process that has nothing to do with us; it fails the test when it was signalled."""
    process = psutil.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    yield process
    assert process.poll() is None, "a stranger's process was ended"
    process.kill()
    process.wait()


@pytest.mark.parametrize("verb", ["stop", "pause"])
def test_the_number_of_a_process_after_a_reboot_means_nothing(
    tmp_path: Path, stranger: psutil.Process, verb: str, record_property: Record
) -> None:
    folder = new_run(tmp_path, ENDLESS)
    worker = start(folder)
    until_record(folder, lambda record: len(record.epochs) > 1, "an epoch")
    worker.kill()
    worker.join(PATIENCE)
    before = until_state(folder, "interrupted")
    folder.lock_path.write_text(f"{stranger.pid}\n")
    assert holder(folder) == stranger.pid
    assert not is_held(folder)
    assert Follower(folder).state() == "interrupted"
    assert "interrupted" in refusal(1, verb, folder.id, "--runs-dir", tmp_path)
    assert "interrupted" in answer("runs", "--runs-dir", tmp_path)
    again = start(folder)
    after = until_record(folder, lambda record: record.resumes == 1 and record.step > before.step, "the run to go on")
    assert list(after.losses[: before.epochs[-1].step]) == list(before.losses[: before.epochs[-1].step])
    assert holder(folder) == again.pid
    again.terminate()
    again.join(PATIENCE)
    record_property("recycled_numbers", 1)


@pytest.mark.parametrize("content", ["", "-1\n", "0\n", "1\n", "99999999999999999999\n", "no number\n", "12\0\xff"])
def test_whatever_stands_in_a_lock_file_nobody_holds_the_run(tmp_path: Path, content: str) -> None:
    folder = new_run(tmp_path, SHORT)
    folder.lock_path.write_text(content, encoding="latin-1")
    assert not is_held(folder)
    start(folder).join(PATIENCE)
    assert Follower(folder).state() == "finished"


# A worker whose child outlives it.


def test_a_worker_that_is_killed_while_git_hangs_leaves_the_run_free(tmp_path: Path, record_property: Record) -> None:
    commands = tmp_path / "bin"
    commands.mkdir()
    told = tmp_path / "git.pid"
    (commands / "git").write_text(f"#!/bin/sh\necho $$ > {told}.new; mv {told}.new {told}; exec sleep 1000\n")
    (commands / "git").chmod(0o700)
    folder = new_run(tmp_path / "runs", ENDLESS)
    environment = {**os.environ, "PATH": f"{commands}:{os.environ['PATH']}"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "tp1tui.worker", str(folder.path), "--device", "cpu"], env=environment
    )
    until(told.exists, "git to be asked")
    git = int(told.read_text())
    try:
        assert is_held(folder)
        worker.kill()
        worker.wait()
        assert psutil.pid_exists(git)
        until_state(folder, "interrupted")
        again = start(folder)
        until_record(folder, lambda record: len(record.epochs) > 1, "an epoch")
        again.terminate()
        again.join(PATIENCE)
    finally:
        os.kill(git, signal.SIGKILL)
    record_property("hanging_children", 1)
