"""Following a run: its record, kept up to date while a worker writes on."""

from __future__ import annotations

from collections.abc import Callable

from tp1tui.journal.fetch import Fetched, Fetcher
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lines import OF_ANOTHER_RUN
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState, ShownState, run_state, shown_state

_TOLD = 3
"""Damaged lines that are told one by one."""


class Follower:
    """One watcher of a run. Holds nothing open, and never writes.

    `poll` and `state` read and take in at once. Where the disk must not be waited for, one thread fetches with
    `fetcher` and another, which alone looks at the record, takes in what was fetched.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.fetcher = Fetcher(folder)
        """Reads the folder, and touches nothing else of this."""
        self.record = RunRecord()
        """Replaced by a new one when the journal was; so ask the follower for it each time."""
        self.unknown = 0
        """Whole lines of kinds that are not known here: a newer program wrote them."""
        self.lines = 0
        """Lines that were read, whatever became of them."""
        self.torn_bytes = 0
        """Length of a last line without its newline: one that is being written, or that a crash left."""
        self.is_gone = False
        """Whether the run's folder was not there when it was last looked at; the record is what was read before."""
        self._news = False
        self._alive = True
        self.in_line = False
        """Whether the run waits for its turn, as was fetched last."""
        self._asked: str | None = None

    @property
    def edited(self) -> str | None:
        """That experiment.toml was changed since the run began, as a sentence; None where it is not known to be."""
        began_with = self.record.started.asked if self.record.started else None
        if began_with is None or self._asked in (None, began_with):
            return None
        return f"The {self.folder.spec_path.name} of {self.folder.id} was changed since the run began."

    @property
    def is_anothers(self) -> bool:
        """Whether the beginning of this run is nowhere in its journal, and lines of another are."""
        return self.record.started is None and any(damage.reason == OF_ANOTHER_RUN for damage in self.record.damages)

    @property
    def troubles(self) -> list[str]:
        """What is wrong with the journal, in sentences; of a last line without its end as `state` last saw the run."""
        sentences = [f"{self.edited} Its figures are of what it said then."] if self.edited else []
        sentences += [damage.text for damage in self.record.damages[:_TOLD]]
        if len(self.record.damages) > _TOLD:
            sentences.append(f"So were {len(self.record.damages) - _TOLD} more lines.")
        if self.torn_bytes and not self._alive:
            sentences.append(
                f"The last line of the journal, {self.torn_bytes} bytes, has no end: its worker died while writing it. "
                "It is not used, and cut off when the run is resumed."
            )
        return sentences

    def poll(self) -> bool:
        """Read what is new.

        Returns:
            Whether the record has changed since the last call.

        Raises:
            OSError: The journal is there, but cannot be read.
        """
        self._read(self.fetcher.journal)
        news, self._news = self._news, False
        return news

    def state(self) -> RunState:
        """What the run is doing now. May read on, which the next `poll` then reports.

        Raises:
            OSError: The journal is there, but cannot be read.
        """
        self._read(self.fetcher.run)
        return self.last_state

    @property
    def last_state(self) -> RunState:
        """What the run was doing when that was fetched last."""
        return run_state(self.record, lock_held=self._alive, in_line=self.in_line)

    @property
    def shown_state(self) -> ShownState:
        """The word for that."""
        return shown_state(self.last_state, in_line=self.in_line)

    def take(self, fetched: Fetched) -> bool:
        """Take in what was fetched, everything in its order; returns whether the record has changed."""
        if fetched.restarted:
            self.record, self.unknown, self.lines = RunRecord(), 0, 0
        known = [(number, event) for number, event in fetched.lines if event is not None]
        for number, event in known:
            self.record.apply(event, number)
        self.unknown += len(fetched.lines) - len(known)
        self.lines += len(fetched.lines)
        self.torn_bytes, self._asked, self.is_gone = fetched.torn_bytes, fetched.asked, fetched.gone
        if fetched.alive is not None:
            self._alive, self.in_line = fetched.alive, fetched.in_line
        return fetched.restarted or bool(known)

    def _read(self, fetch: Callable[[], Fetched]) -> None:
        more = True
        while more:
            fetched = fetch()
            self._news = self.take(fetched) or self._news
            more = fetched.more
