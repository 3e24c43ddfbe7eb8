"""Who is alive: a worker holds its run's lock for as long as it lives, and the system frees it however it dies."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from types import TracebackType

from tp1tui.files.plain import content
from tp1tui.journal.folder import RunFolder, RunFolderError, check_private

_PATIENCE = 2.0
"""Seconds; a front end that looks whether the lock is free holds it for a moment."""
_PAUSE = 0.05
ELSEWHERE = "Copy the run's folder to where you may write, and resume it there."
"""What to do with a run that can only be read."""
_LONGEST_NUMBER = 32
"""Bytes of a process's number."""


class AlreadyRunning(Exception):  # noqa: N818 - what a person meets, not a fault
    """Another worker trains this run. Its text is a sentence."""


class RunLock:
    """The lock of one run: to be held by its worker."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            AlreadyRunning: Another process holds it.
            RunFolderError: The folder cannot be written, its file system knows no locks, or others may write to it.
        """
        check_private(self._folder)
        try:
            file = os.open(self._folder.lock_path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o600)
        except OSError as error:
            raise RunFolderError(f"{self._folder.lock_path} cannot be written: {error.strerror}. {ELSEWHERE}") from None
        try:
            self._take(file)
            with suppress(OSError):  # a full disk; the number only informs
                os.ftruncate(file, 0)
                os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        except BaseException:
            os.close(file)
            raise
        self._file = file

    def release(self) -> None:
        """Let go of the lock; the file stays, since removing it would let two workers lock two files."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> RunLock:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    def _take(self, file: int) -> None:
        from portalocker import AlreadyLocked, LockException, LockFlags, lock

        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                lock(file, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
            except AlreadyLocked:
                if time.monotonic() > deadline:
                    raise AlreadyRunning(self._sentence()) from None
                time.sleep(_PAUSE)
            except LockException as error:
                raise RunFolderError(
                    f"{self._folder.lock_path} cannot be locked ({error.strerror}), so nothing would keep a second "
                    "worker away. Put the runs on another file system with --runs-dir DIR."
                ) from None
            else:
                return

    def _sentence(self) -> str:
        pid = holder(self._folder)
        who = f"process {pid}" if pid else "another process"
        return f"The run {self._folder.id} is being trained already, by {who}."


def is_held(folder: RunFolder) -> bool:
    """Whether a worker lives. Works on folders that one may read only; a folder without a lock file has none."""
    from portalocker import AlreadyLocked, LockException, LockFlags, lock

    try:
        file = os.open(folder.lock_path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        lock(file, LockFlags.SHARED | LockFlags.NON_BLOCKING)
    except AlreadyLocked:
        return True
    except LockException:  # no locks here, so no worker took one
        return False
    finally:
        os.close(file)
    return False


def holder(folder: RunFolder) -> int | None:
    """The process that last took the lock, for information only; None when that cannot be read."""
    with suppress(OSError, ValueError):
        return int(content(folder.lock_path, _LONGEST_NUMBER))
    return None
