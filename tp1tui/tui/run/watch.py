"""Following one run for the screen: its journal, its curves, and the run it is compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState
from tp1tui.tui.run.curves import Curves
from tp1tui.tui.run.look import Look, Usage

PATIENCE = 30.0
"""Seconds after which what was asked, and has not happened, is worth a word."""
STARTING = 20.0
"""Seconds that a new run's worker may take to begin."""


@dataclass(frozen=True)
class Asked:
    """Something that a worker was asked for."""

    sentence: str
    is_done: Callable[[Look], bool]
    since: float


class RunWatch:
    """One watcher of a run. Opening reads the whole journal, so do it where nobody waits."""

    def __init__(self, folder: RunFolder, reference: RunFolder | None) -> None:
        """Open a run.

        Args:
            folder: Of the run.
            reference: Another run, whose curves lie behind this one's.

        Raises:
            OSError: A journal is there, but cannot be read.
            RunFolderError, SpecError: A run's experiment cannot be read.
        """
        self.folder = folder
        self.spec = folder.spec()
        self.curves = Curves(self.spec)
        self.reference = Curves(reference.spec()) if reference else None
        self.usage = Usage()
        self._follower = Follower(folder)
        self._reference_follower = Follower(reference) if reference else None
        self._state: RunState = "queued"
        self._asked: Asked | None = None
        self.poll()
        self.poll_reference()

    @property
    def record(self) -> RunRecord:
        """What the journal says so far."""
        return self._follower.record

    def poll(self) -> bool:
        """Read what is new.

        Returns:
            Whether anything is.

        Raises:
            OSError: The journal is there, but cannot be read.
        """
        before = self._state
        self._state = self._follower.state()
        news = self._follower.poll()
        if news:
            self.curves.update(self.record)
        return news or self._state != before

    def poll_reference(self) -> bool:
        """Read what is new of the run that this one is compared with; returns whether anything is."""
        if self._reference_follower is None or self.reference is None:
            return False
        news = self._reference_follower.poll()
        if news:
            self.reference.update(self._reference_follower.record)
        return news

    def ask(self, sentence: str, is_done: Callable[[Look], bool], now: float) -> None:
        """Remember what was asked until it has happened."""
        self._asked = Asked(sentence, is_done, now)

    def look(self, now: float) -> Look:
        """The run as it is now.

        Args:
            now: Seconds since 1970.
        """
        look = Look(self.folder.id, self.spec, self._state, self.record, now, self.usage)
        if self._asked and self._asked.is_done(look):
            self._asked = None
        return Look(look.id, look.spec, look.state, look.record, now, self.usage, self._waiting_for(look))

    def _waiting_for(self, look: Look) -> str:
        if self._asked:
            if look.now - self._asked.since < PATIENCE:
                return self._asked.sentence
            return (
                f"{self._asked.sentence} Nothing has happened yet; what the worker says is in {self.folder.log_path}."
            )
        created = self.folder.created_at
        if look.state == "queued" and created and abs(look.now - created.timestamp()) < STARTING:
            return "A worker is starting."
        return ""
