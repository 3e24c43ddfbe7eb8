"""Following several runs at once: the record of each, kept up to date while workers write on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tp1tui.journal.fetch import Fetched
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.gone import gone, is_gone
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState, ShownState, shown_state
from tp1tui.spec.frozen import RunSpec

RunsFetched = tuple[Fetched | OSError | None, ...]
"""What is new of each of several runs, or why it cannot be read; None of one that has finished."""


@dataclass(frozen=True)
class SeenRun:
    """One run, as it was at a look."""

    folder: RunFolder
    spec: RunSpec
    record: RunRecord
    state: RunState
    in_line: bool = False
    """Whether it waits for its turn; one that is queued and does not was taken out of line before it began."""

    @property
    def shown_state(self) -> ShownState:
        """The word for its state."""
        return shown_state(self.state, in_line=self.in_line)


class RunsFollower:
    """One watcher of several runs. Holds nothing open, and never writes.

    `poll` reads and takes in at once. Where the disk must not be waited for, one thread fetches and another, which
    alone looks at the runs, takes in what was fetched.
    """

    def __init__(self, folders: Iterable[RunFolder]) -> None:
        """Read what was asked; the runs are there after the first `poll`."""
        self.runs: list[SeenRun] = []
        """In the order of the folders; those that are gone or cannot be read are left out."""
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
        """Read what is new. Of runs that have finished, only whether they are there.

        Returns:
            Whether any run has changed since the last call.
        """
        news, more = False, True
        while more:
            fetched = self.fetch()
            news = self.take(fetched) or news
            more = _is_more(fetched)
        return news

    def fetch(self) -> RunsFetched:
        """Read what is new, and take nothing in."""
        return tuple(watched.fetch() for watched in self._watched)

    def take(self, fetched: RunsFetched) -> bool:
        """Take in what was fetched, everything in its order; returns whether any run has changed."""
        news = [watched.take(one) for watched, one in zip(self._watched, fetched, strict=True)]
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
        self._news = False

    def fetch(self) -> Fetched | OSError | None:
        """Read on."""
        if self.seen and self.seen.state == "finished" and not is_gone(self.seen.folder):
            return None
        try:
            return self._follower.fetcher.run()
        except OSError as error:
            return error

    def take(self, fetched: Fetched | OSError | None) -> bool:
        """Take in what was read; returns whether anything has changed, also that it cannot be read any more."""
        folder, faulty = self._follower.folder, self.fault is not None
        if fetched is None:
            return False
        if isinstance(fetched, OSError):
            self.fault = fetched
            self.troubles = [f"{folder.journal_path} cannot be read: {fetched.strerror}."]
            return not faulty
        if fetched.gone:
            before_that, self.troubles = self.troubles, [gone(folder)]
            self.seen = self.fault = None
            return self.troubles != before_that
        self._news = self._follower.take(fetched) or self._news
        if fetched.more:
            return False
        before, state, in_line = self.seen, self._follower.last_state, fetched.in_line
        if before and not self._news and not faulty and (before.state, before.in_line) == (state, in_line):
            return False
        self.fault, self._news = None, False
        self.seen = SeenRun(folder, self._spec, self._follower.record, state, in_line)
        self.troubles = [f"{folder.id}: {trouble}" for trouble in self._follower.troubles]
        return True


def _is_more(fetched: RunsFetched) -> bool:
    return any(isinstance(one, Fetched) and one.more for one in fetched)
