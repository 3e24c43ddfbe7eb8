"""Following a run: its record, kept up to date while a worker writes on."""

from __future__ import annotations

from dataclasses import replace

from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lines import Damage, decode
from tp1tui.journal.lock import is_held
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState, run_state
from tp1tui.journal.tail import Tail


class Follower:
    """One watcher of a run. Holds nothing open, and never writes."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.record = RunRecord()
        """Replaced by a new one when the journal was; so ask the follower for it each time."""
        self._tail = Tail(folder.journal_path)
        self._news = False

    @property
    def torn_bytes(self) -> int:
        """Length of a last line without its newline: one that is being written, or that a crash left."""
        return self._tail.torn_bytes

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
        held = is_held(self.folder)
        if not held:  # whoever held the lock has written its last line by now
            self._read()
        return run_state(self.record, lock_held=held)

    def _read(self) -> None:
        if not self._tail.changed():
            return
        if self._tail.restarted():
            self.record = RunRecord()
            self._news = True
        for line in self._tail.lines():
            event = decode(line)
            if isinstance(event, Damage):
                event = replace(event, line=self._tail.line)
            if event is not None:
                self.record.apply(event)
                self._news = True
