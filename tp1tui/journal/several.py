"""Following several runs at once: the record of each, kept up to date while workers write on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState
from tp1tui.journal.tickets import ticket_of
from tp1tui.spec.frozen import RunSpec


@dataclass(frozen=True)
class SeenRun:
    """One run, as it was at a look."""

    folder: RunFolder
    spec: RunSpec
    record: RunRecord
    state: RunState
    in_line: bool = False
    """Whether it waits for its turn; one that is queued and does not was taken out of line before it began."""


class RunsFollower:
    """One watcher of several runs. Holds nothing open, and never writes."""

    def __init__(self, folders: Iterable[RunFolder]) -> None:
        """Read what was asked; the runs are there after the first `poll`."""
        self.runs: list[SeenRun] = []
        """In the order of the folders; those that cannot be read are left out."""
        self.fault: OSError | None = None
        """Of the first journal that is there, but could not be read at the last `poll`."""
        self._left_out: list[str] = []
        self._watched: list[_Watched] = []
        for folder in folders:
            try:
                self._watched.append(_Watched(folder))
            except RunFolderError as error:
                self._left_out.append(str(error))
        self.troubles: list[str] = list(self._left_out)
        """Which runs were left out, and what is wrong with the journals of the others, in sentences."""

    def poll(self) -> bool:
        """Read what is new. Runs that have finished are not read again.

        Returns:
            Whether any run has changed since the last call.
        """
        news = [watched.look() for watched in self._watched]
        self.fault = next((watched.fault for watched in self._watched if watched.fault), None)
        if not any(news):
            return False
        self.runs = [watched.seen for watched in self._watched if watched.seen and not watched.fault]
        self.troubles = [*self._left_out, *(trouble for watched in self._watched for trouble in watched.troubles)]
        return True


class _Watched:
    """A run and what was last seen of it."""

    def __init__(self, folder: RunFolder) -> None:
        """Read what was asked.

        Raises:
            RunFolderError: It cannot be read, or nothing is trained here.
        """
        self._follower = Follower(folder)
        self._spec = folder.training_spec()
        self.seen: SeenRun | None = None
        self.fault: OSError | None = None
        self.troubles: list[str] = []

    def look(self) -> bool:
        """Read on; returns whether anything has changed, also that it cannot be read any more."""
        if self.seen and self.seen.state == "finished":
            return False
        before, faulty, folder = self.seen, self.fault is not None, self._follower.folder
        try:
            news = self._follower.poll()
            state = self._follower.state()
        except OSError as error:
            self.fault = error
            self.troubles = [f"{folder.journal_path} cannot be read: {error.strerror}."]
            return not faulty
        self.fault = None
        in_line = state == "queued" and ticket_of(folder) is not None
        if before and not news and not faulty and (before.state, before.in_line) == (state, in_line):
            return False
        self.seen = SeenRun(folder, self._spec, self._follower.record, state, in_line)
        self.troubles = [f"{folder.id}: {trouble}" for trouble in self._follower.troubles]
        return True
