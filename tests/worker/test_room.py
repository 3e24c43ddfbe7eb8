"""A full disk: the run stands still with a sentence, goes on when there is room, and nothing is written twice."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import make_run
from tests.waiting import until
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.events import Event, Preparing, Warned
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lines import decode
from tp1tui.worker import place, room
from tp1tui.worker.inbox import Inbox, Left
from tp1tui.worker.place import FolderLost
from tp1tui.worker.room import PatientJournal
from tp1tui.worker.stopwatch import Stopwatch


class Disk:
    """Stands between a journal and the real disk, full when it is told to be."""

    def __init__(self) -> None:
        self.fails = 0
        """How many lines that are no reserve's do not fit."""
        self.looks = 0
        """How often room was looked for."""
        self.full_looks = 0
        """How many of the next looks find none."""
        self._write = os.write

    def write(self, file: int, content: bytes) -> int:
        if self.fails:
            self.fails -= 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._write(file, content)

    def has_room(self, folder: Path, needed: int) -> bool:
        del folder, needed
        self.looks += 1
        return self.looks > self.full_looks


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr("tp1tui.journal.writer.os.write", disk.write)
    monkeypatch.setattr(room, "_has_room", disk.has_room)
    monkeypatch.setattr(room, "LOOK_EVERY", 0.0)
    return disk


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path, state="queued")


@pytest.fixture
def journal(folder: RunFolder) -> Iterator[PatientJournal]:
    with PatientJournal(folder, Inbox(folder)) as journal:
        yield journal


def kinds(folder: RunFolder) -> list[str]:
    lines = folder.journal_path.read_bytes().splitlines(keepends=True)
    return [getattr(decode(line), "kind", "damaged") for line in lines]


def words(what: str) -> Event:
    return Preparing(time=1.0, step=0, what=what)


def test_a_line_that_does_not_fit_is_written_once_there_is_room(
    disk: Disk, folder: RunFolder, journal: PatientJournal
) -> None:
    journal.append(words("first"))
    disk.fails, disk.full_looks = 1, 3
    journal.watch, journal.device = Stopwatch(), "cpu"
    journal.append(words("second"))
    assert kinds(folder) == ["preparing", "warning", "paused", "resumed", "preparing"]
    assert disk.looks == 4
    assert (folder.path / ".reserve").stat().st_size == room.RESERVE


def test_waiting_starts_no_stopwatch_that_stood_still(disk: Disk, journal: PatientJournal) -> None:
    watch = journal.watch = Stopwatch()
    disk.fails = 1
    journal.append(words("first"))
    before = watch.elapsed
    until(lambda: watch.elapsed > before, "the stopwatch to count again")
    watch.halt()
    counted = watch.elapsed
    disk.fails = 1
    journal.append(words("second"))
    assert watch.elapsed == counted


def test_before_the_first_batch_it_goes_on_preparing(disk: Disk, folder: RunFolder, journal: PatientJournal) -> None:
    disk.fails = 1
    journal.append(words("first"))
    assert kinds(folder) == ["warning", "paused", "preparing", "preparing"]


def test_even_when_not_a_word_fits_the_line_comes_in_the_end(
    disk: Disk, folder: RunFolder, journal: PatientJournal
) -> None:
    disk.fails = 4
    journal.append(words("first"))
    assert kinds(folder)[-1] == "preparing"
    assert "damaged" not in kinds(folder)


def test_whatever_writes_may_wait_and_each_time_for_more_room(
    disk: Disk, folder: RunFolder, journal: PatientJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(room, "_has_room", lambda folder, needed: asked.append(needed) or True)
    tries: list[int] = []

    def save() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
        return "saved"

    assert journal.insist(save) == "saved"
    assert asked == [room.NEEDED, 2 * room.NEEDED]
    assert "quota" in sentences(folder)[0]


def sentences(folder: RunFolder) -> list[str]:
    events = map(decode, folder.journal_path.read_bytes().splitlines(keepends=True))
    return [event.message for event in events if isinstance(event, Warned)]


def test_any_other_error_is_not_waited_for(journal: PatientJournal) -> None:
    def broken() -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.raises(OSError, match="Input/output"):
        journal.insist(broken)


def test_a_stop_ends_the_waiting_and_its_word_is_written_into_the_room_that_was_kept(
    disk: Disk, folder: RunFolder, journal: PatientJournal
) -> None:
    disk.fails, disk.full_looks = 1, 1000
    send(folder, Stop())
    with pytest.raises(Left) as left:
        journal.append(words("first"))
    assert left.value.stopped
    journal.append(words("last"))
    assert kinds(folder) == ["warning", "paused", "preparing"]
    disk.fails = 1
    with pytest.raises(OSError, match="No space"):
        journal.append(words("never"))


@pytest.mark.chaos
def test_a_run_that_is_removed_waits_for_no_room(
    disk: Disk, folder: RunFolder, journal: PatientJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a person may do to make some."""
    monkeypatch.setattr(place, "SURE_AFTER", 0.0)
    disk.fails, disk.full_looks = 1, 1000
    shutil.rmtree(folder.path)
    with pytest.raises(FolderLost):
        journal.append(words("first"))
    assert disk.looks == 2
    disk.fails = 1
    with pytest.raises(OSError, match="No space"):
        journal.append(words("never"))


def test_what_was_kept_goes_with_the_worker(folder: RunFolder) -> None:
    with PatientJournal(folder, Inbox(folder)):
        assert (folder.path / ".reserve").exists()
    assert not (folder.path / ".reserve").exists()
