"""Reading on where one stopped: the whole lines that a growing file has gained."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

from tp1tui.files.plain import opened

_BUFFER = 1 << 18
"""Bytes that are read at once: enough for a disk, and nothing beside a journal's figures."""
MOST_BYTES = 1 << 25
"""Of a line; of a longer one nothing is kept, so that it counts as damaged."""
_ANCHOR = 32
"""Bytes before the place of reading, by which a file that was replaced is told from one that grew; a line's checksum
is among them."""


class Tail:
    """One reader's place in a file that another process appends to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.line = 0
        """Number of the line that was read last, from 1."""
        self.torn_bytes = 0
        """Length of a last line that has no newline yet."""
        self._seen: tuple[int, int, int] | None = None
        self._offset = 0
        self._anchor = b""

    def changed(self) -> bool:
        """Whether the file may hold something new since `lines` was last exhausted. Costs one look at the folder."""
        return self._stamp() != self._seen or self.torn_bytes > 0

    def restarted(self) -> bool:
        """Whether the file shrank or was replaced, so that it must be read from its beginning. Goes back there then."""
        if self._offset == 0 or self._stands():
            return False
        self.line = self._offset = self.torn_bytes = 0
        self._anchor = b""
        return True

    def lines(self) -> Generator[bytes, None, None]:
        """The whole lines that were not read yet, newlines included. A torn last one waits for its rest.

        Raises:
            OSError: The file is there, but cannot be read.
        """
        stamp = self._stamp()
        if stamp is None:
            self._seen = None
            return
        with opened(self._path) as file:
            file.seek(self._offset)
            self.torn_bytes = 0
            while line := file.readline(MOST_BYTES):
                length = len(line)
                if not line.endswith(b"\n"):
                    if length < MOST_BYTES:
                        self.torn_bytes = length
                        break
                    length += _left_of_line(file)
                    self._anchor = line = b""  # what it ends with is not known
                self.line += 1
                self._offset += length
                self._anchor = (self._anchor + line)[-_ANCHOR:]
                yield line
        self._seen = stamp

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns

    def _stands(self) -> bool:
        """Whether what was read is still there, before the place of reading."""
        try:
            with opened(self._path) as file:
                file.seek(self._offset - len(self._anchor))
                return file.read(len(self._anchor)) == self._anchor
        except FileNotFoundError:
            return False


def _left_of_line(file: BinaryIO) -> int:
    """Pass over the rest of a line; returns its bytes."""
    passed = 0
    while piece := file.readline(_BUFFER):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed
