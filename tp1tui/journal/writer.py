"""Writing a journal: whole lines at its end, by one writer at a time (who holds the run's lock)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tp1tui.journal.events import Epoch, Event
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lines import encode

_CHUNK = 65_536


class JournalWriter:
    """Appends events to a journal, as lines of the run whose experiment.toml lies beside it.

    What a crash left of a last line is cut off first.

    Raises:
        OSError: The journal cannot be opened, or, from `append` and `sync`, not written.
    """

    def __init__(self, path: Path) -> None:
        self.step = 0
        """Of the latest event that was appended here, but for epochs: epoch 0 may be told after the first steps."""
        self._uid = RunFolder(path.parent).uid() or ""
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            self.cut_bytes = _cut_torn_line(self._file)
            """How many bytes of a torn last line were cut off."""
        except BaseException:
            os.close(self._file)
            raise

    def append(self, event: Event) -> None:
        """Write one line, in one call. When not all of it can be written, none of it stays."""
        if not isinstance(event, Epoch):
            self.step = event.step
        line = encode(event, self._uid)
        written = os.write(self._file, line)
        if written == len(line):
            return
        begin = os.fstat(self._file).st_size - written
        try:  # the system tells why only when asked again
            while written < len(line):
                written += os.write(self._file, line[written:])
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._file, begin)
            raise

    def sync(self) -> None:
        """Bring everything that was appended onto the disk."""
        os.fsync(self._file)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _cut_torn_line(file: int) -> int:
    """Cut a file after its last newline; returns how many bytes that took."""
    size = end = os.fstat(file).st_size
    while end > 0:
        begin = max(0, end - _CHUNK)
        newline = os.pread(file, end - begin, begin).rfind(b"\n")
        if newline >= 0:
            end = begin + newline + 1
            break
        end = begin
    if end < size:
        os.ftruncate(file, end)
    return size - end
