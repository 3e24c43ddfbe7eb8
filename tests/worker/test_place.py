"""A run's folder that goes while a worker has it: the worker ends, begins nothing anew, and loses nothing it wrote."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.endings import end_all
from tests.forked import end_all_started, start
from tests.measured import figures
from tests.waiting import PATIENCE, until, until_record, until_state
from tests.worker.test_stacked import (
    DIGITS,
    after_steps,
    always_attentive,
    assert_same_figures,
    made,
    seen,
    waiting,
    work_alone,
    work_together,
)
from tp1tui.engine.stack import Stack
from tp1tui.journal.commands import Pause, send
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import is_held
from tp1tui.worker import launcher, place
from tp1tui.worker.main import FAILED
from tp1tui.worker.place import FolderLost, Place

__all__ = ["always_attentive"]

pytestmark = pytest.mark.chaos

LONG = "epochs=100000"
GONE = "was moved, removed or replaced while a worker had it"


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    yield
    end_all_started()


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return made(tmp_path / "runs", "ab2.4", LONG)


def at_work(folder: RunFolder) -> ForkServerProcess:
    """A worker that has written its first checkpoints."""
    worker = start(folder)
    until_record(folder, lambda record: len(record.epochs) > 2, "the first checkpoints")
    return worker


def remove(folder: RunFolder) -> None:
    """As `rm -rf` does: a checkpoint that is written in the midst of it keeps a folder from going at once."""

    def is_removed() -> bool:
        shutil.rmtree(folder.path, ignore_errors=True)
        return not folder.path.exists()

    until(is_removed, "the folder to be removed")


def assert_ended(worker: ForkServerProcess) -> None:
    worker.join(PATIENCE)
    assert worker.exitcode == FAILED


def test_a_worker_whose_run_is_removed_ends_and_begins_no_folder(folder: RunFolder) -> None:
    worker = at_work(folder)
    remove(folder)
    assert_ended(worker)
    assert list(folder.path.parent.iterdir()) == []


def test_a_run_whose_runs_are_moved_is_interrupted_there_and_goes_on_from_its_checkpoint(folder: RunFolder) -> None:
    worker = at_work(folder)
    moved = RunFolder(folder.path.parent.with_name("elsewhere") / folder.id)
    folder.path.parent.rename(moved.path.parent)
    assert_ended(worker)
    assert not folder.path.parent.exists()
    before = until_state(moved, "interrupted")
    assert GONE in before.warnings[-1]
    assert str(folder.path) in before.warnings[-1]
    assert GONE in moved.log_path.read_text()
    start(moved)
    after = until_record(moved, lambda record: record.step > before.step, "more than it had")
    assert after.resumes == 1
    assert after.damages == []
    kept = before.epochs[2].step
    assert list(after.losses[:kept]) == list(before.losses[:kept])


def test_a_run_in_whose_place_another_lies_leaves_that_alone(folder: RunFolder, tmp_path: Path) -> None:
    worker = at_work(folder)
    other = made(tmp_path / "others", "ab2.4")
    moved = RunFolder(tmp_path / "moved")
    folder.path.rename(moved.path)
    other.path.rename(folder.path)
    (folder.path / ".reserve").touch()
    assert_ended(worker)
    assert {path.name for path in folder.path.iterdir()} == {"experiment.toml", "checkpoints", "commands", ".reserve"}
    assert list(folder.checkpoints_dir.iterdir()) == []
    until_state(moved, "interrupted")


def test_a_worker_that_stands_still_ends_as_well(folder: RunFolder) -> None:
    worker = at_work(folder)
    send(folder, Pause())
    until_state(folder, "paused")
    remove(folder)
    assert_ended(worker)
    assert list(folder.path.parent.iterdir()) == []


def test_the_device_of_a_run_that_is_gone_is_the_next_one_s(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    first, second = made(runs, "ab2.4", LONG), made(runs, "ab2.4", "epochs=1")
    try:
        launcher.queue([first, second], "cpu")
        until_record(first, lambda record: len(record.epochs) > 2, "the first checkpoints")
        remove(first)
        until_state(second, "finished")
        assert not first.path.exists()
    finally:
        end_all(runs)


@pytest.mark.usefixtures("always_attentive", "one_thread")
def test_of_runs_that_train_together_only_the_one_that_is_gone_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(place, "SURE_AFTER", 0.0)
    folders = waiting(tmp_path / "runs", 3, *DIGITS)
    moved = RunFolder(tmp_path / "moved")
    with patch.object(Stack, "update", after_steps(9, lambda: folders[1].path.rename(moved.path))):
        assert work_together(folders) == FAILED
    assert [seen(folder)[0] for folder in (folders[0], moved, folders[2])] == ["finished", "interrupted", "finished"]
    assert not folders[1].path.exists()
    assert GONE in seen(moved)[1].warnings[-1]
    assert GONE in capsys.readouterr().err
    assert not is_held(moved)
    for seed, folder in ((0, folders[0]), (2, folders[2])):
        assert_same_figures(seen(folder)[1], work_alone(made(tmp_path / "alone", *DIGITS, f"seed={seed}")))
    assert_same_figures(work_alone(moved), work_alone(made(tmp_path / "alone", *DIGITS, "seed=1")))


@pytest.mark.parametrize("fault", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT])
@pytest.mark.usefixtures("one_thread")
def test_a_disk_that_cannot_be_looked_at_for_a_while_ends_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    monkeypatch.setattr(place, "SURE_AFTER", 0.0)
    folder, stat, faults = made(tmp_path / "runs", *DIGITS), os.stat, iter(range(4))

    def failing(path: Any, **named: Any) -> os.stat_result:
        trains = path == folder.journal_path and any(folder.checkpoints_dir.iterdir())
        if trains and next(faults, None) is not None:
            raise OSError(fault, os.strerror(fault))
        return stat(path, **named)

    monkeypatch.setattr(os, "stat", failing)
    record = work_alone(folder)
    monkeypatch.undo()
    assert next(faults, None) is None
    assert record.warnings == []
    assert figures(record) == figures(work_alone(made(tmp_path / "quiet", *DIGITS)))


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.slept: Callable[[], object] = lambda: None
        monkeypatch.setattr("tp1tui.worker.place.time.monotonic", lambda: self.now)
        monkeypatch.setattr("tp1tui.worker.place.time.sleep", self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[tuple[Path, Place]]:
    path = tmp_path / "run" / "journal.jsonl"
    path.parent.mkdir()
    with path.open("w") as file:
        yield path, Place(path, file.fileno())


def test_a_journal_counts_as_lost_once_it_was_missed_for_seconds(journal: tuple[Path, Place], clock: Clock) -> None:
    path, its_place = journal
    path.parent.rename(path.parent.with_name("moved"))
    its_place.look()
    clock.now += place.SURE_AFTER - 0.1
    its_place.look()
    clock.now += 0.1
    with pytest.raises(FolderLost, match=GONE):
        its_place.look()


def test_one_that_comes_back_was_never_lost(journal: tuple[Path, Place], clock: Clock) -> None:
    path, its_place = journal
    moved = path.with_name("moved")
    for _ in range(3):
        path.rename(moved)
        its_place.look()
        clock.now += place.SURE_AFTER
        moved.rename(path)
        its_place.look()


def test_nothing_is_written_until_it_is_there_or_lost(journal: tuple[Path, Place], clock: Clock) -> None:
    path, its_place = journal
    moved = path.with_name("moved")
    path.rename(moved)
    clock.slept = lambda: moved.exists() and clock.now >= place.SURE_AFTER / 2 and moved.rename(path)
    its_place.make_sure()
    assert place.SURE_AFTER / 2 <= clock.now < place.SURE_AFTER
    path.unlink()
    with pytest.raises(FolderLost):
        its_place.make_sure()


def test_another_file_at_its_path_is_not_the_journal(journal: tuple[Path, Place]) -> None:
    path, its_place = journal
    assert its_place.holds
    path.rename(path.with_name("moved"))
    path.touch()
    assert not its_place.holds
    shutil.rmtree(path.parent)
    path.parent.touch()
    assert not its_place.holds
