"""Real dispatchers and real workers on small real runs."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.builders import sweep_spec
from tests.endings import end_all
from tests.waiting import until, until_state
from tests.worker.conftest import spec_of
from tp1tui.journal import tickets
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_record import SweepFollower
from tp1tui.journal.tickets import line, put_in_line, take_out_of_line, ticket_of
from tp1tui.worker import launcher, spawning
from tp1tui.worker.dispatcher import Dispatcher
from tp1tui.worker.line_lock import LOCK, is_served, only_one
from tp1tui.worker.slots import free_slot
from tp1tui.worker.spawning import LaunchError

SHORT, LONG = "epochs=1", "epochs=100000"


@pytest.fixture
def runs_dir(tmp_path: Path) -> Iterator[Path]:
    """A folder of runs; whatever waits or works there at the end is ended."""
    runs = tmp_path / "runs"
    yield runs
    end_all(runs)


def queued(runs_dir: Path, *settings: str) -> RunFolder:
    """A run that nobody has begun and that does not wait yet."""
    return RunFolder.create(runs_dir, spec_of("ab2.4", *settings), datetime.now().astimezone())


def began(folder: RunFolder) -> float:
    record = until_state(folder, "finished", "failed")
    assert record.failed is None
    assert record.started is not None
    return record.started.time


def dispatcher_pid(runs_dir: Path) -> int:
    """Of the one that serves this folder, found by its command line."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        words = path.read_bytes().split(b"\0") if path.exists() else []
        if b"tp1tui.worker.dispatcher" in words and str(runs_dir).encode() in words:
            return int(path.parent.name)
    raise AssertionError("there is no dispatcher")


def test_runs_are_trained_one_after_the_other_in_their_order(runs_dir: Path) -> None:
    sweep = launcher.start_sweep(sweep_spec("ab2.1", ("optimizer.lr=0.1,0.2",), 1, [SHORT]), runs_dir, "cpu")
    follower = SweepFollower(sweep)
    at_once: set[int] = set()

    def over() -> bool:
        follower.poll()
        at_once.add(sum(member.state == "running" for member in follower.members))
        return follower.state in ("finished", "failed", "stopped", "interrupted")

    until(over, "the sweep")
    assert follower.state == "finished"
    assert max(at_once) == 1
    times = [began(folder) for _, folder in sweep.runs()]
    assert times == sorted(times)
    until(lambda: not is_served(runs_dir), "the dispatcher to leave")


def test_the_line_goes_on_when_its_terminal_closes_and_a_run_that_fails_stops_no_other(runs_dir: Path) -> None:
    bad, good = queued(runs_dir, SHORT), queued(runs_dir, SHORT)
    put_in_line(bad, "cuda:99", 1)
    put_in_line(good, "cpu", 2)
    starter = (
        "import sys; from pathlib import Path; from tp1tui.worker.spawning import serve_line;"
        f"serve_line(Path({str(runs_dir)!r}))"
    )
    subprocess.run([sys.executable, "-c", starter], check=True, start_new_session=True)
    until(lambda: is_served(runs_dir), "a dispatcher")
    pid = dispatcher_pid(runs_dir)
    assert os.getsid(pid) == pid != os.getsid(0)
    os.kill(pid, signal.SIGHUP)
    began(good)
    assert until_state(bad, "failed").failed is not None


def test_what_a_killed_dispatcher_left_is_served_by_the_next(runs_dir: Path) -> None:
    first, second, third = (queued(runs_dir, settings) for settings in (LONG, SHORT, SHORT))
    launcher.queue([first, second], "cpu")
    until_state(first, "running")
    until(lambda: ticket_of(first) is None, "its ticket to be taken")
    os.kill(dispatcher_pid(runs_dir), signal.SIGKILL)
    until(lambda: not is_served(runs_dir), "the dispatcher's end")
    assert [folder for folder, _ in line(runs_dir)] == [second]
    launcher.queue([third], "cpu")  # the worker of the dead one counts: nothing else runs on the CPU
    until(lambda: is_served(runs_dir), "the next dispatcher")
    until_state(first, "running")
    send(first, Stop())
    stopped = until_state(first, "stopped").last_time
    assert stopped is not None
    assert stopped <= began(second) <= began(third)


def test_two_dispatchers_never_serve_one_folder(runs_dir: Path) -> None:
    runs_dir.mkdir()
    put_in_line(queued(runs_dir), "cuda:99")
    with only_one(runs_dir) as mine:
        assert mine
        assert is_served(runs_dir)
        command = [sys.executable, "-m", "tp1tui.worker.dispatcher", str(runs_dir)]
        assert subprocess.run(command, check=False).returncode == 0  # it goes, since the place is taken
        assert len(line(runs_dir)) == 1
    assert not is_served(runs_dir)


def test_a_look_at_the_lock_turns_no_dispatcher_away(runs_dir: Path) -> None:
    runs_dir.mkdir()
    (runs_dir / LOCK).touch()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            is_served(runs_dir)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(20):
            with only_one(runs_dir) as mine:
                assert mine
    finally:
        over.set()
        looking.join()


def test_whoever_comes_while_the_dispatcher_leaves_is_not_forgotten(runs_dir: Path) -> None:
    """The narrowest moment: the line was seen empty, and the lock is held still."""
    late = queued(runs_dir)
    served: list[str] = []

    def serve(dispatcher: Dispatcher) -> None:
        if not served:
            take_out_of_line(early)
            served.append("early")
            put_in_line(late, "cpu")  # behind the last look; the dispatcher started for it finds the lock taken
        else:
            served.extend(folder.id for folder, _ in line(runs_dir))
            take_out_of_line(late)

    early = queued(runs_dir)
    put_in_line(early, "cpu")
    from tp1tui.worker import dispatcher

    with patch.object(Dispatcher, "serve", serve), patch.object(sys, "argv", ["dispatcher", str(runs_dir)]):
        before = signal.getsignal(signal.SIGHUP)
        assert dispatcher.main() == 0
        signal.signal(signal.SIGHUP, before)
    assert served == ["early", late.id]


def test_a_run_that_was_taken_out_while_its_worker_started_is_left_as_it_is(runs_dir: Path) -> None:
    folder = queued(runs_dir, SHORT)
    assert spawning.spawn_from_line(folder, "cpu").wait() == 0
    assert not folder.journal_path.exists()
    put_in_line(folder, "cpu")
    assert spawning.spawn_from_line(folder, "cpu").wait() == 0
    assert ticket_of(folder) is None
    began(folder)


def test_a_folder_that_no_worker_can_take_up_does_not_hold_the_line(runs_dir: Path) -> None:
    hollow, good = queued(runs_dir, SHORT), queued(runs_dir, SHORT)
    hollow.spec_path.write_text("epochs = 'many'")
    launcher.queue([hollow, good], "cpu")
    began(good)
    until(lambda: ticket_of(hollow) is None, "the hollow one to be taken out")
    assert "could not be taken up" in (runs_dir / ".dispatcher.log").read_text()


def test_a_folder_deleted_while_it_waits_is_forgotten(runs_dir: Path) -> None:
    gone, good = queued(runs_dir, SHORT), queued(runs_dir, SHORT)
    put_in_line(gone, "cpu", 1)
    shutil.rmtree(gone.path)
    launcher.queue([good], "cpu")
    began(good)
    until(lambda: not is_served(runs_dir), "the dispatcher to leave")


def test_a_full_disk_leaves_nothing_of_a_sweep(runs_dir: Path) -> None:
    spec = sweep_spec("ab2.4", ("optimizer.lr=0.1,0.2,0.3",), 1, [SHORT])
    written: list[Path] = []
    write = tickets.replacing

    def full(path: Path) -> Any:
        written.append(path)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path)

    with patch.object(tickets, "replacing", full), pytest.raises(LaunchError, match="No space left"):
        launcher.start_sweep(spec, runs_dir, "cpu")
    assert list(runs_dir.iterdir()) == []


def test_a_full_disk_while_folders_are_made_leaves_nothing_either(runs_dir: Path) -> None:
    spec = sweep_spec("ab2.4", ("optimizer.lr=0.1,0.2,0.3",), 1, [SHORT])
    make, made = RunFolder.create_at.__func__, []  # type: ignore[attr-defined]

    def full(cls: type[RunFolder], path: Path, page: Any) -> RunFolder:
        made.append(path)
        if len(made) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        folder: RunFolder = make(cls, path, page)
        return folder

    with patch.object(RunFolder, "create_at", classmethod(full)), pytest.raises(OSError, match="No space left"):
        SweepFolder.create(runs_dir, spec, datetime.now().astimezone())
    assert len(made) == 3
    assert list(runs_dir.iterdir()) == []


def test_the_device_that_a_run_waited_for_is_kept_when_it_is_put_in_line_again(runs_dir: Path) -> None:
    known, unknown = queued(runs_dir), queued(runs_dir)
    put_in_line(known, "cuda:7", 1)
    with patch.object(launcher, "serve_line", lambda runs_dir: None):
        launcher.queue([unknown, known], None, "cpu")
    assert [(folder, ticket.device) for folder, ticket in line(runs_dir)] == [(unknown, "cpu"), (known, "cuda:7")]


@pytest.mark.parametrize(
    ("device", "taken", "slot"),
    [
        ("auto", set(), "cuda:0"),
        ("auto", {"cuda:0"}, "cuda:1"),
        ("auto", {"cuda:0", "cuda:1"}, None),
        ("cuda", {"cuda:0"}, "cuda:1"),
        ("cuda:1", {"cuda:0"}, "cuda:1"),
        ("cuda:1", {"cuda:1"}, None),
        ("cpu", {"cuda:0", "cuda:1"}, "cpu"),
        ("cpu", {"cpu"}, None),
        ("cuda:0,cuda:1", set(), "cuda:0,cuda:1"),
        ("cuda:0,cuda:1", {"cuda:1"}, None),
        ("cuda:1", {"cuda:0,cuda:1"}, None),
        ("auto", {"cuda:0,cuda:1"}, None),
    ],
)
def test_a_device_has_one_run_at_a_time(device: str, taken: set[str], slot: str | None) -> None:
    assert free_slot(device, ("cuda:0", "cuda:1", "cpu"), taken) == slot


def test_without_a_gpu_auto_means_the_cpu() -> None:
    assert free_slot("auto", ("cpu",), set()) == "cpu"
    assert free_slot("auto", ("cpu",), {"cpu"}) is None


def test_the_dispatcher_needs_no_torch() -> None:
    probe = "import sys, tp1tui.worker.dispatcher; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_members_that_may_train_together_get_one_worker(runs_dir: Path) -> None:
    spec = sweep_spec("ab2.4", ("optimizer.lr=0.1,0.2,0.3",), 1, ["epochs=3"])
    sweep = launcher.start_sweep(spec, runs_dir, "cpu")
    records = [until_state(folder, "finished", "failed") for _, folder in sweep.runs()]
    assert [record.failed for record in records] == [None] * 3
    assert len({record.pid for record in records}) == 1
    until(lambda: not is_served(runs_dir), "the dispatcher to leave")


def test_a_member_that_was_begun_goes_on_by_itself(runs_dir: Path) -> None:
    with patch.object(launcher, "serve_line", lambda runs_dir: None):
        sweep = launcher.start_sweep(sweep_spec("ab2.4", (), 3, ["epochs=3"]), runs_dir, "cpu")
    folders = [folder for _, folder in sweep.runs()]
    folders[1].journal_path.touch()
    spawning.serve_line(runs_dir)
    first, begun, last = (until_state(folder, "finished", "failed").pid for folder in folders)
    assert first == last != begun


@pytest.mark.parametrize(
    ("device", "setting", "members"),
    [("cuda:0", None, 3), ("cuda:0", "off", 1), ("cuda:0,cuda:1", None, 1), ("cpu", "off", 3)],
)
def test_members_train_together_on_a_gpu_too_unless_a_person_wants_it_otherwise(
    runs_dir: Path, monkeypatch: pytest.MonkeyPatch, device: str, setting: str | None, members: int
) -> None:
    if setting:
        monkeypatch.setenv("TP1TUI_GPU_STACKS", setting)
    with patch.object(launcher, "serve_line", lambda runs_dir: None):
        sweep = launcher.start_sweep(sweep_spec("ab2.4", (), 3, [SHORT]), runs_dir, device)
    folders = [folder for _, folder in sweep.runs()]
    started: list[list[RunFolder]] = []

    def spawn(folders: RunFolder | list[RunFolder], device: str) -> subprocess.Popen[bytes]:
        started.append(folders if isinstance(folders, list) else [folders])
        raise LaunchError("seen")

    ways = {"spawn_from_line": spawn, "spawn_together": spawn}
    with patch.multiple("tp1tui.worker.dispatcher", **ways), patch.object(Dispatcher, "_reap"):
        Dispatcher(runs_dir)._look()
    assert started[0] == folders[:members]
    for folder in folders:
        take_out_of_line(folder)
