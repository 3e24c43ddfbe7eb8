"""A worker that waits for a run: it takes one, leaves without one, and where it cannot another worker is started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from tests.endings import end_all
from tests.measured import figures
from tests.waiting import until, until_record, until_state
from tests.worker.conftest import StartRun, pid_of, spec_of
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.tickets import line
from tp1tui.worker import launcher, standby
from tp1tui.worker.spawning import LaunchError
from tp1tui.worker.standby import Standby, received

LONG = "epochs=100000"
PROCESS = "tp1tui.worker.standby_process"
SCREEN = """
import sys
from pathlib import Path
from tests.worker.conftest import spec_of
from tp1tui.worker import launcher
from tp1tui.worker.standby import Standby
kept = Standby()
print(kept.pid, flush=True)
sys.stdin.readline()
while not kept.is_ready:
    assert kept.is_alive
launcher.start(spec_of("ab2.4", "epochs=100000"), Path(sys.argv[1]), "cpu", kept.give)
print("given", flush=True)
sys.stdin.readline()
"""
"""A front end, as far as a standby worker is concerned: it does the next thing at every line."""
IDLE = """
import socket, sys
from tp1tui import __version__
front_end = socket.socket(fileno=0)
front_end.sendall(f"ready {__version__}\\n".encode())
while front_end.recv(1000): pass
"""
"""A process that says it is ready, without the seconds that this takes, and never answers."""


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    """A folder of runs; whatever still works in it at the end is ended."""
    yield tmp_path / "runs"
    end_all(tmp_path / "runs")


@pytest.fixture
def waiting() -> Iterator[Standby]:
    """A standby worker that is ready."""
    made = Standby()
    until(lambda: made.is_ready or not made.is_alive, "the standby worker")
    yield made
    made.dismiss()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standby]:
    """One that is ready, but will never take a run."""
    monkeypatch.setattr(standby, "COMMAND", (sys.executable, "-c", IDLE))
    made = Standby()
    until(lambda: made.is_ready or not made.is_alive, "the standby worker")
    yield made
    made.dismiss()


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> list[RunFolder]:
    """Runs for which an ordinary worker would be started."""
    made: list[RunFolder] = []
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: made.append(folder))
    return made


@pytest.fixture
def screen(runs: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SCREEN, str(runs)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def say(screen: subprocess.Popen[str]) -> None:
    """Let a front end go on."""
    assert screen.stdin
    screen.stdin.write("\n")
    screen.stdin.flush()


def said(screen: subprocess.Popen[str]) -> str:
    assert screen.stdout
    return screen.stdout.readline().strip()


def works_on(folder: RunFolder) -> bool:
    """Whether the worker of a run was a standby worker."""
    return PROCESS in psutil.Process(pid_of(folder)).cmdline()


def test_it_trains_as_any_worker_does(waiting: Standby, runs: Path, fork_run: StartRun) -> None:
    ordinary = fork_run("digits", "epochs=2", "dropout.enabled=true")
    expected = until_state(ordinary, "finished", "failed")
    folder = launcher.start(spec_of("digits", "epochs=2", "dropout.enabled=true"), runs, "cpu", waiting.give)
    record = until_state(folder, "finished", "failed")
    assert record.pid == waiting.pid
    assert figures(record) == figures(expected)
    assert record.started is not None
    assert expected.started is not None
    assert record.started.threads == expected.started.threads
    assert line(runs) == []
    assert folder.log_path.read_text() == ""
    until(lambda: not waiting.is_alive, "its end")


def test_given_one_run_it_takes_no_other(waiting: Standby, runs: Path) -> None:
    first = launcher.start(spec_of("ab2.4", LONG), runs, "cpu", waiting.give)
    second = launcher.start_in_turn(spec_of("ab2.4", "epochs=2"), runs, "cpu", waiting.give)
    assert second.waits
    assert not waiting.give(second.folder, "cpu")
    waiting.dismiss()  # means nothing to it any more
    until_state(first, "running")
    assert works_on(first)
    send(first, Stop())
    assert until_state(second.folder, "finished").pid != waiting.pid


def test_one_that_was_killed_leaves_the_run_to_another_worker(silent: Standby, runs: Path) -> None:
    os.kill(silent.pid, signal.SIGKILL)
    folder = launcher.start(spec_of("ab2.4", "epochs=2"), runs, "cpu", silent.give)
    assert until_state(folder, "finished").pid != silent.pid


def test_one_that_does_not_answer_is_ended_before_another_worker_begins(
    silent: Standby, runs: Path, spawned: list[RunFolder]
) -> None:
    folder = launcher.start(spec_of("ab2.4"), runs, "cpu", silent.give)
    assert not silent.is_alive
    assert spawned == [folder]


@pytest.mark.parametrize("put", [pytest.param(Path.mkdir, marks=pytest.mark.long), os.mkfifo])
def test_one_that_cannot_write_the_log_takes_no_run(waiting: Standby, runs: Path, put: Callable[[Path], None]) -> None:
    folder = RunFolder.create(runs, spec_of("ab2.4"), datetime.now().astimezone())
    put(folder.log_path)
    with pytest.raises(LaunchError, match="Nothing can be started"):
        launcher.resume(folder, "cpu", waiting.give)
    assert not waiting.is_alive


def test_one_of_another_version_is_given_nothing(
    silent: Standby, runs: Path, spawned: list[RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "__version__", "0.0.0")
    folder = launcher.start(spec_of("ab2.4"), runs, "cpu", silent.give)
    assert silent.is_alive
    assert spawned == [folder]


def test_one_that_is_not_ready_is_left_alone(runs: Path) -> None:
    early = Standby()
    os.kill(early.pid, signal.SIGSTOP)  # so that it cannot become ready
    try:
        assert not early.give(RunFolder(runs / "none"), "cpu")
        assert early.is_alive
    finally:
        early.dismiss()
    assert not early.is_alive


def test_it_goes_when_its_front_end_is_killed_before_it_has_a_run(screen: subprocess.Popen[str]) -> None:
    pid = int(said(screen))
    assert os.getsid(pid) == pid  # a closed terminal tells it nothing
    screen.kill()
    until(lambda: not psutil.pid_exists(pid), "the standby worker to go")


def test_with_a_run_it_outlives_its_front_end(screen: subprocess.Popen[str], runs: Path) -> None:
    pid = int(said(screen))
    say(screen)
    assert said(screen) == "given"
    screen.kill()
    screen.wait()
    [path] = runs.glob("[!.]*")
    folder = RunFolder(path)
    record = until_record(folder, lambda record: record.step > 0, "a step")
    assert record.pid == pid
    os.kill(pid, signal.SIGHUP)
    until_record(folder, lambda later: later.step > record.step + 100, "training after SIGHUP")
    send(folder, Stop())
    until_state(folder, "stopped")


def test_a_line_comes_whole_or_not_at_all() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"ready 1\n")
        assert received(ours) == "ready 1"
        theirs.sendall(b"rea")
        theirs.close()
        assert received(ours) == ""


def test_a_front_end_that_keeps_one_needs_no_torch() -> None:
    probe = "import sys, tp1tui.worker.standby, tp1tui.tui.standby_keeper; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
