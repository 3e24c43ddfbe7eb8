"""Following one run or measure for the screen: its journal, its curves, and the run it is compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from tp1tui.journal.events import Epoch
from tp1tui.journal.fetch import Fetched
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.gone import gone
from tp1tui.journal.labels import BLANK_LABELS
from tp1tui.journal.prediction import prediction_of
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState
from tp1tui.tui.run.curves import Curves
from tp1tui.tui.run.found import FolderReader, Found
from tp1tui.tui.run.look import Look, MeasureLook, Usage

PATIENCE = 30.0
"""Seconds after which what was asked, and has not happened, is worth a word."""
STARTING = 20.0
"""Seconds that a new run's worker may take to begin."""


Seen = TypeVar("Seen", Look, MeasureLook)


@dataclass(frozen=True)
class Asked(Generic[Seen]):
    """Something that a worker was asked for."""

    doing: str
    """What it is doing about it: "pausing"."""
    is_done: Callable[[Seen], bool]
    since: float


class Watch(Generic[Seen]):
    """One watcher of a run folder, and what was asked of its worker.

    `read` waits for the disk and touches nothing that is looked at, so it may be called in another thread than all
    else; of what it found, everything is to be taken in, in its order.
    """

    def __init__(self, folder: RunFolder, reference: Follower | None = None) -> None:
        """Open a folder; `poll` reads what is in it."""
        self.folder = folder
        self._follower = Follower(folder)
        self._reader = FolderReader(self._follower.fetcher, reference.fetcher if reference else None)
        self._state: RunState = "queued"
        self._in_line = False
        self._asked: Asked[Seen] | None = None
        self.place = ""
        """Where the run stands in line, as was last found; of no meaning once it is taken up."""
        self._prediction = prediction_of(folder.path)
        self._labels = BLANK_LABELS
        self._last_words: tuple[str, ...] = ()

    @property
    def record(self) -> RunRecord:
        """What the journal says so far."""
        return self._follower.record

    def read(self) -> Found:
        """What there is now, to be taken in.

        Raises:
            OSError: The journal is there, but cannot be read.
        """
        return self._reader.read()

    def take(self, found: Found) -> bool:
        """Take in what was read; returns whether anything has changed."""
        before = self._state, self._in_line, self._labels, self._follower.is_gone
        news = self._follower.take(found.run)
        self._state, self._in_line = self._follower.last_state, self._follower.in_line
        self._labels, self._last_words = found.labels, found.last_words
        return news or (self._state, self._in_line, self._labels, self._follower.is_gone) != before

    def poll(self) -> bool:
        """Read what is new and take it in, where nobody waits for it.

        Returns:
            Whether anything is.

        Raises:
            OSError: The journal is there, but cannot be read.
        """
        news, more = False, True
        while more:
            found = self.read()
            news = self.take(found) or news
            more = found.more
        return news

    def ask(self, doing: str, is_done: Callable[[Seen], bool], now: float) -> Asked[Seen]:
        """Remember what was asked until it has happened; for the arguments see `Asked`."""
        self._asked = Asked(doing, is_done, now)
        return self._asked

    def withdraw(self, asked: Asked[Seen]) -> None:
        """Forget what was asked, since it could not be; something else that was asked meanwhile is waited for."""
        if self._asked is asked:
            self._asked = None

    def look(self, now: float) -> Seen:
        """The run as it is now.

        Args:
            now: Seconds since 1970.
        """
        look = replace(self._bare_look(now), in_line=self._in_line)
        if self._follower.is_gone:
            return replace(look, labels=self._labels, gone=gone(self.folder))
        if self._asked and self._asked.is_done(look):
            self._asked = None
        place = self.place if look.state == "queued" and not self._asked else ""
        asked, problem = self._waiting_for(look, place), self._problem(look)
        words = self._words_of_its_own(look) if look.state == "interrupted" else ()
        return replace(look, labels=self._labels, asked=asked, problem=problem, place=place, last_words=words)

    def _bare_look(self, now: float) -> Seen:
        """The same without what was asked."""
        raise NotImplementedError

    def _words_of_its_own(self, look: Seen) -> tuple[str, ...]:
        """What its worker left in worker.log, and did not say in the journal as well."""
        journaled = look.record.warnings
        return tuple(said for said in self._last_words if not any(told.startswith(said) for told in journaled))

    def _waiting_for(self, look: Seen, place: str) -> str:
        if self._asked:
            return self._asked.doing
        if place:
            return ""
        created = self.folder.created_at
        if look.state == "queued" and created and abs(look.now - created.timestamp()) < STARTING:
            return "a worker is starting"
        return ""

    def _problem(self, look: Seen) -> str:
        if self._asked is None or look.now - self._waiting_since(self._asked, look.record) < PATIENCE:
            return ""
        return f"Nothing has happened yet ({self._asked.doing}). What the worker says is in {self.folder.log_path}."

    def _waiting_since(self, asked: Asked[Seen], record: RunRecord) -> float:
        """While the worker says how far it has come with what must be done first, it is not silent."""
        return max(asked.since, record.last_time or 0.0) if record.preparing else asked.since


class RunWatch(Watch[Look]):
    """One watcher of a training. Opening reads the whole journal, so do it where nobody waits."""

    def __init__(self, folder: RunFolder, reference: RunFolder | None) -> None:
        """Open a run.

        Args:
            folder: Of the run.
            reference: Another run, whose curves lie behind this one's.

        Raises:
            OSError: A journal is there, but cannot be read.
            RunFolderError, SpecError: A run's experiment cannot be read.
        """
        self._reference_follower = Follower(reference) if reference else None
        super().__init__(folder, self._reference_follower)
        self.spec = folder.training_spec()
        self.curves = Curves(self.spec)
        self.reference = Curves(reference.training_spec()) if reference else None
        self.usage = Usage()
        self.poll()

    @property
    def reference_last(self) -> Epoch | None:
        """The latest epoch of the run that this one is compared with; None where there is none."""
        return self._reference_follower.record.last if self._reference_follower else None

    def take(self, found: Found) -> bool:
        """Take in what was read, and draw the curves on; for the rest see `Watch.take`."""
        news = super().take(found)
        if news:
            self.curves.update(self.record)
        if found.reference:
            self._take_reference(found.reference)
        return news

    def _take_reference(self, fetched: Fetched) -> None:
        follower = self._reference_follower
        if self.reference and follower and follower.take(fetched):
            self.reference.update(follower.record)

    def _bare_look(self, now: float) -> Look:
        return Look(self.folder.id, self.spec, self._state, self.record, now, self.usage, self._prediction)


class MeasureWatch(Watch[MeasureLook]):
    """One watcher of a measure that trains nothing."""

    def __init__(self, folder: RunFolder) -> None:
        """Open a measure.

        Args:
            folder: Of its run.

        Raises:
            OSError: A journal is there, but cannot be read.
            RunFolderError: What it was asked to do cannot be read, or it is no measure.
        """
        super().__init__(folder)
        self.spec = folder.measure_spec()
        self.poll()

    def _bare_look(self, now: float) -> MeasureLook:
        return MeasureLook(self.folder.id, self.spec, self._state, self.record, now, self._prediction)
