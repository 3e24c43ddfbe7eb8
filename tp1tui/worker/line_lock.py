"""Who may do what with the line of a folder of runs, by locks that free themselves as their process ends.

One process serves it, and one at a time enters it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = ".dispatcher.lock"
PATIENCE = 2.0
"""Seconds; a front end that looks whether the lock is free holds it for a moment."""
_PAUSE = 0.05


class CannotLock(Exception):  # noqa: N818 - what the machine lacks, not an error of the program's
    """A folder of runs whose file system knows no locks. Its text is a sentence."""


@contextmanager
def only_one(runs_dir: Path) -> Iterator[bool]:
    """Serve a line alone; gives whether it may be served: not while another process does.

    Raises:
        CannotLock: There are no locks here.
        OSError: The folder cannot be written.
    """
    file = os.open(runs_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _taken(file, runs_dir)
    finally:
        os.close(file)


@contextmanager
def entering(runs_dir: Path) -> Iterator[None]:
    """From a look at which devices are free to the ticket that is written by what was seen: one process at a time.

    The folder itself is what is locked. One that is not there yet, one that knows no locks, and one that another
    process keeps locked for seconds are entered all the same: then two runs may have one device, and no more than that.
    """
    try:
        file = os.open(runs_dir, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield
        return
    try:
        with suppress(CannotLock):
            _taken(file, runs_dir)
        yield
    finally:
        os.close(file)


def is_served(runs_dir: Path) -> bool:
    """Whether a process starts the runs that wait in line here."""
    from portalocker import AlreadyLocked, LockException, LockFlags, lock

    try:
        file = os.open(runs_dir / LOCK, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        lock(file, LockFlags.SHARED | LockFlags.NON_BLOCKING)
    except AlreadyLocked:
        return True
    except LockException:  # no locks here, so nobody took one
        return False
    finally:
        os.close(file)
    return False


def _taken(file: int, runs_dir: Path) -> bool:
    from portalocker import AlreadyLocked, LockException, LockFlags, lock

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            lock(file, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
        except AlreadyLocked:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        except LockException as error:
            raise CannotLock(
                f"{runs_dir / LOCK} cannot be locked ({error.strerror}), so runs cannot wait in line here. Put them on "
                "another file system with --runs-dir DIR."
            ) from None
        else:
            return True
