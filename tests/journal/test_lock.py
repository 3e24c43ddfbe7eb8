from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tp1tui.journal import lock
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import AlreadyRunning, RunLock, holder, is_held

HOLD = """
import sys
from pathlib import Path
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import RunLock
with RunLock(RunFolder(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holding(folder: RunFolder) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its standard input closes."""
    command = [sys.executable, "-c", HOLD, str(folder.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_PATIENCE", 0.1)


def test_a_run_is_held_while_another_process_holds_it_and_free_when_that_ends(queued: RunFolder) -> None:
    assert not is_held(queued)
    with holding(queued) as process:
        assert is_held(queued)
        assert holder(queued) == process.pid
        assert process.stdin
        process.stdin.close()
        process.wait()
        assert not is_held(queued)


def test_a_worker_that_is_killed_frees_the_lock(queued: RunFolder) -> None:
    with holding(queued) as process:
        assert Follower(queued).state() == "running"
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not is_held(queued)
        RunLock(queued).acquire()


@pytest.mark.usefixtures("impatient")
def test_a_second_worker_is_told_who_holds_the_run(queued: RunFolder) -> None:
    with holding(queued) as process, pytest.raises(AlreadyRunning) as told:
        RunLock(queued).acquire()
    assert str(told.value) == f"The run {queued.id} is being trained already, by process {process.pid}."


@pytest.mark.usefixtures("impatient")
def test_two_locks_in_one_process_exclude_each_other_too(queued: RunFolder) -> None:
    with RunLock(queued):
        assert is_held(queued)
        with pytest.raises(AlreadyRunning):
            RunLock(queued).acquire()
    assert not is_held(queued)


def test_a_front_end_that_looks_for_a_moment_does_not_keep_a_worker_out(
    queued: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued.lock_path.touch()
    looking = os.open(queued.lock_path, os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(lock.time, "sleep", lambda _: os.close(looking))
    with RunLock(queued):
        assert is_held(queued)


def test_two_that_look_at_once_do_not_take_each_other_for_a_worker(queued: RunFolder) -> None:
    queued.lock_path.touch()
    with queued.lock_path.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert not is_held(queued)


def test_looking_needs_no_right_to_write(queued: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with RunLock(queued):
        opened: list[int] = []
        real = os.open
        monkeypatch.setattr(os, "open", lambda path, flags, *mode: opened.append(flags) or real(path, flags, *mode))
        assert is_held(queued)
        assert opened == [os.O_RDONLY | os.O_NONBLOCK]


def test_a_lock_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"worker\.lock cannot be written: No such file or directory\."):
        RunLock(RunFolder(tmp_path / "gone")).acquire()


def test_a_lock_is_free_after_an_error_inside_the_block(queued: RunFolder) -> None:
    with pytest.raises(KeyError), RunLock(queued):
        raise KeyError
    assert not is_held(queued)
