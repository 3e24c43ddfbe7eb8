"""Following a run: its record, kept up to date while a worker writes on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.lines import OF_ANOTHER_RUN, Damage, decode
from tp1tui.journal.lock import is_held
from tp1tui.journal.record import RunRecord
from tp1tui.journal.stamp import Stamp, stamp_of
from tp1tui.journal.state import RunState, run_state
from tp1tui.journal.tail import Tail
from tp1tui.journal.tickets import ticket_of

_TOLD = 3
"""Damaged lines that are told one by one."""


class Follower:
    """One watcher of a run. Holds nothing open, and never writes."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.record = RunRecord()
        """Replaced by a new one when the journal was; so ask the follower for it each time."""
        self.unknown = 0
        """Whole lines of kinds that are not known here: a newer program wrote them."""
        self._tail = Tail(folder.journal_path)
        self._uid: str | None = None
        self._news = False
        self._alive = True
        self._asked: tuple[Stamp | None, str | None] | None = None

    @property
    def edited(self) -> str | None:
        """That experiment.toml was changed since the run began, as a sentence; None where it is not known to be."""
        began_with = self.record.started.asked if self.record.started else None
        if began_with is None or self._asked_now() in (None, began_with):
            return None
        return f"The {self.folder.spec_path.name} of {self.folder.id} was changed since the run began."

    @property
    def is_anothers(self) -> bool:
        """Whether the beginning of this run is nowhere in its journal, and lines of another are."""
        return self.record.started is None and any(damage.reason == OF_ANOTHER_RUN for damage in self.record.damages)

    @property
    def lines(self) -> int:
        """Lines that were read, whatever became of them."""
        return self._tail.line

    @property
    def torn_bytes(self) -> int:
        """Length of a last line without its newline: one that is being written, or that a crash left."""
        return self._tail.torn_bytes

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
        self._read()
        news, self._news = self._news, False
        return news

    def state(self) -> RunState:
        """What the run is doing now. May read on, which the next `poll` then reports.

        Raises:
            OSError: The journal is there, but cannot be read.
        """
        self._alive = is_held(self.folder)
        if not self._alive:  # whoever held the lock has written its last line by now
            self._read()
            if self._state() == "interrupted":  # unless a worker came in between
                self._alive = is_held(self.folder)
        return self._state()

    def _asked_now(self) -> str | None:
        """The digest of experiment.toml, which is read again when it was written."""
        stamp = stamp_of(self.folder.spec_path)
        if self._asked is None or self._asked[0] != stamp:
            self._asked = (stamp, None)
            with suppress(RunFolderError):
                self._asked = (stamp, self.folder.asked())
        return self._asked[1]

    def _state(self) -> RunState:
        in_line = not self._alive and ticket_of(self.folder) is not None
        return run_state(self.record, lock_held=self._alive, in_line=in_line)

    def _read(self) -> None:
        if not self._tail.changed():
            return
        if self._tail.restarted():
            self.record, self.unknown = RunRecord(), 0
            self._news = True
        if self._uid is None:
            self._uid = self.folder.uid()
        for line in self._tail.lines():
            event = decode(line, self._uid)
            if isinstance(event, Damage):
                event = replace(event, line=self._tail.line)
            if event is None:
                self.unknown += 1
            else:
                self.record.apply(event, self._tail.line)
                self._news = True
