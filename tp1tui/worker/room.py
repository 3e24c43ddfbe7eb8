"""A worker that meets a full disk stands still until there is room again, and loses nothing.

A small file is kept in the run's folder for that hour: once it is removed, there is room to say in the journal why the
run stands still.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from time import monotonic
from typing import TypeVar

from tp1tui.journal.events import Event, Paused, Preparing, Resumed, Warned
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.writer import JournalWriter
from tp1tui.worker.inbox import Inbox, Left
from tp1tui.worker.place import FolderLost, Place
from tp1tui.worker.stopwatch import Stopwatch

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
RESERVE = 64 << 10
"""Bytes of the file that is kept: some lines of a journal."""
NEEDED = 4 << 20
"""Bytes that must be free before the run goes on, at first: with less it would stand still again at once."""
LOOK_EVERY = 0.5
"""Seconds between two looks for room, and at what is asked meanwhile."""
Written = TypeVar("Written")


class PatientJournal(JournalWriter):
    """A journal whose writer waits for room. Meanwhile the run is paused; a stop or a signal ends the waiting.

    Raises:
        OSError: The journal cannot be written for another reason than a full disk.
        Left: From every method that writes: a person asked the worker to go while it waited.
        FolderLost: Likewise: the run's folder went while it waited.
    """

    def __init__(self, folder: RunFolder, inbox: Inbox) -> None:
        """Open the journal of a run.

        Args:
            folder: The run.
            inbox: Looked at while waiting. From now on it minds that the journal stays where it is.
        """
        super().__init__(folder.journal_path)
        self._place = inbox.place = Place(folder.journal_path, self._file)
        self._reserve = folder.path / ".reserve"
        self._inbox = inbox
        self.watch: Stopwatch | None = None
        """Stands still while this waits: of the session that counts this worker's time, once there is one."""
        self.device: str | None = None
        """Where the session trains."""
        self.seconds = 0.0
        """That writing has taken so far, waiting for room included."""
        self._patient = True
        self._keep_reserve()

    def append(self, event: Event) -> None:
        """Write one line, however long it takes until there is room for it."""
        self.insist(lambda: super(PatientJournal, self).append(event))

    def sync(self) -> None:
        """Bring everything that was appended onto the disk, once there is room for it."""
        self.insist(super().sync)

    def insist(self, write: Callable[[], Written]) -> Written:
        """Do something that writes, again after each full disk, until it is done.

        Args:
            write: Leaves nothing behind when it fails.
        """
        began = monotonic()
        try:
            return self._until_written(write)
        finally:
            self.seconds += monotonic() - began

    def insist_beside(self, write: Callable[[], Written]) -> Written:
        """The same for what writes into the run's folder by its path, which must be there.

        Args:
            write: Leaves nothing behind when it fails.

        Raises:
            FolderLost: It is not there any more.
        """
        self._place.make_sure()
        try:
            return self.insist(write)
        except FileNotFoundError:  # it may have gone in between
            self._place.make_sure()
            raise

    def close(self) -> None:
        """Let go of the file, and of the room that was kept, unless another folder lies in the place of the run's."""
        if self._place.holds:
            self._reserve.unlink(missing_ok=True)
        super().close()

    def _until_written(self, write: Callable[[], Written]) -> Written:
        needed = NEEDED
        while True:
            try:
                return write()
            except OSError as error:
                if error.errno not in NO_ROOM or not self._patient:
                    raise
                self._wait(error, needed)
                needed *= 2  # what there was room for was too little

    def _wait(self, error: OSError, needed: int) -> None:
        with self.watch.halted() if self.watch else nullcontext():
            self._until_room(error, needed)
        self._say(self._going_on())

    def _until_room(self, error: OSError, needed: int) -> None:
        """Say why nothing goes on, and come back when it can."""
        self._reserve.unlink(missing_ok=True)
        self._say(Warned(time=time.time(), step=self.step, message=_sentence(self._reserve.parent, error)))
        self._say(Paused(time=time.time(), step=self.step))
        while not _has_room(self._reserve.parent, needed):
            try:
                self._inbox.check()
            except (Left, FolderLost):
                self._patient = False
                raise
            time.sleep(LOOK_EVERY)
        self._keep_reserve()

    def _going_on(self) -> Event:
        now, step = time.time(), self.step
        if self.device is None:
            return Preparing(time=now, step=step, what="going on, since there is room again")
        return Resumed(time=now, step=step, from_checkpoint=False, pid=os.getpid(), device=self.device)

    def _say(self, event: Event) -> None:
        with suppress(OSError):  # what was kept may be too little; then only the journal's silence tells
            super().append(event)

    def _keep_reserve(self) -> None:
        with suppress(OSError):
            self._reserve.write_bytes(bytes(RESERVE))


def _has_room(folder: Path, needed: int) -> bool:
    with suppress(OSError):
        status = os.statvfs(folder)
        return status.f_bavail * status.f_frsize >= needed
    return False


def _sentence(folder: Path, error: OSError) -> str:
    why = "the quota of its owner is used up" if error.errno == errno.EDQUOT else "its disk is full"
    return f"{folder} cannot be written: {why}. The run stands still, and goes on by itself when there is room."
