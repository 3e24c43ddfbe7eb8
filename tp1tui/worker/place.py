"""Whether the run that a worker has still lies where the worker found it.

What is written to an open journal goes on into a file that was moved or removed, and what is written by path would
begin a folder anew that somebody has taken away. So a worker looks, and ends once it is sure.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

SURE_AFTER = 2.0
"""Seconds between the two looks that it takes to be sure: a network disk may lose sight of a file for a moment."""
LOOK_EVERY = 0.1
"""Seconds between two looks while nothing may be written before that is known."""


class FolderLost(Exception):  # noqa: N818 - what somebody did, not an error
    """The folder of a run was moved, removed or replaced while a worker had it. Its text is whole sentences."""


class Place:
    """Where a worker's journal lies."""

    def __init__(self, journal_path: Path, journal: int) -> None:
        """Begin where all is as it should be.

        Args:
            journal_path: Where the journal was opened.
            journal: The open file.
        """
        self._path = journal_path
        self._file = journal
        self._missed_at: float | None = None
        """When it was first looked for in vain, on the system's own clock; None while it is there."""

    @property
    def holds(self) -> bool:
        """Whether the open journal is the file at its path, as far as can be told: a disk that fails tells nothing."""
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._file))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True

    def look(self) -> None:
        """See whether the journal is there, and never wait.

        Raises:
            FolderLost: It was not some seconds ago, and never was in between, as far as was looked.
        """
        if self.holds:
            self._missed_at = None
            return
        now = time.monotonic()
        if self._missed_at is None:
            self._missed_at = now
        elif now - self._missed_at >= SURE_AFTER:
            raise FolderLost(
                f"{self._path.parent} is no longer this run's folder: it was moved, removed or replaced while a worker "
                "had it, so the worker has ended. Where the folder lies now, the run goes on from its last checkpoint."
            )

    def make_sure(self) -> None:
        """See it before something is written there: where the journal is not, wait until it is again.

        Raises:
            FolderLost: As for `look`.
        """
        self.look()
        while self._missed_at is not None:
            time.sleep(LOOK_EVERY)
            self.look()
