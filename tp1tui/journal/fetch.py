"""Reading a run's folder for whoever follows it: the half of following that waits for the disk, and keeps no record."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass, replace

from tp1tui.journal.events import Event
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.gone import is_gone
from tp1tui.journal.lines import Damage, decode
from tp1tui.journal.lock import is_held
from tp1tui.journal.stamp import Stamp, stamp_of
from tp1tui.journal.tail import Tail
from tp1tui.journal.tickets import ticket_of

PIECE = 1 << 20
"""Bytes of the journal that are fetched at once, so that taking them in holds up nothing."""


@dataclass(frozen=True)
class Fetched:
    """What a run's folder holds, as far as it was not fetched before."""

    lines: tuple[tuple[int, Event | Damage | None], ...]
    """Of the journal: the number of each, from 1, and what it says; None where its kind is not known here."""
    restarted: bool
    """Whether the journal was replaced, so that nothing counts that was fetched of it before."""
    torn_bytes: int
    """Length of a last line without its newline."""
    more: bool
    """Whether the journal held more than is fetched at once."""
    asked: str | None
    """SHA-256 of experiment.toml as it is now; None where it cannot be read."""
    alive: bool | None = None
    """Whether a worker lives; None where nobody looked, or the journal holds more, which may tell how it ended."""
    in_line: bool = False
    """Whether the run waits for its turn."""
    gone: bool = False
    """Whether the run's folder is there no more; what was fetched of it before still counts."""


class Fetcher:
    """One reader of a run's folder.

    Shares nothing with whoever takes in what it fetched, so that may be another thread.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._tail = Tail(folder.journal_path)
        self._uid: str | None = None
        self._lines: list[tuple[int, Event | Damage | None]] = []
        """Read and not handed out yet: they stay here when the disk fails in the middle."""
        self._restarted = False
        self._asked: tuple[Stamp | None, str | None] | None = None

    def journal(self) -> Fetched:
        """What is new in the journal.

        Raises:
            OSError: The journal is there, but cannot be read.
        """
        gone = is_gone(self.folder)
        more = not gone and self._read()
        asked = self._asked_now()
        fetched = Fetched(tuple(self._lines), self._restarted, self._tail.torn_bytes, more, asked, gone=gone)
        self._lines, self._restarted = [], False
        return fetched

    def run(self) -> Fetched:
        """The same, and whether a worker lives.

        Raises:
            OSError: As for `journal`.
        """
        alive = is_held(self.folder)  # first: whoever has let go of the lock has written its last line by now
        fetched = self.journal()
        if fetched.more:
            return fetched
        if not alive and fetched.lines:  # a worker may have come in between, and written some of them
            alive = is_held(self.folder)
        return replace(fetched, alive=alive, in_line=not alive and ticket_of(self.folder) is not None)

    def _read(self) -> bool:
        """Read on, and return whether there is more."""
        if not self._tail.changed():
            return False
        if self._tail.restarted():
            self._lines, self._restarted = [], True
        if self._uid is None:
            self._uid = self.folder.uid()
        size = 0
        with closing(self._tail.lines()) as lines:
            for line in lines:
                self._lines.append((self._tail.line, self._event(line)))
                size += len(line)
                if size >= PIECE:
                    return True
        return False

    def _event(self, line: bytes) -> Event | Damage | None:
        event = decode(line, self._uid)
        return replace(event, line=self._tail.line) if isinstance(event, Damage) else event

    def _asked_now(self) -> str | None:
        """The digest of experiment.toml, which is read again when it was written."""
        stamp = stamp_of(self.folder.spec_path)
        if self._asked is None or self._asked[0] != stamp:
            self._asked = (stamp, None)
            with suppress(RunFolderError):
                self._asked = (stamp, self.folder.asked())
        return self._asked[1]
