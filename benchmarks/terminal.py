"""A program on a pseudo-terminal, seen from outside: what it draws and when."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import tempfile
import termios
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter

from benchmarks.cells import Cells

ESCAPES = re.compile(rb"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\))")
ANSWERS = ((b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[6n", b"\x1b[1;1R"), (b"\x1b[?2026$p", b"\x1b[?2026;2$y"))
"""What a plain xterm says when asked."""


class Terminal:
    """A program and the terminal it draws on."""

    def __init__(
        self, command: list[str], columns: int = 120, rows: int = 40, environment: Mapping[str, str] | None = None
    ) -> None:
        self.began = perf_counter()
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", COLUMNS=str(columns), LINES=str(rows))
            os.environ.update(XDG_STATE_HOME=str(_state_of_somebody_known()), **(environment or {}))
            os.execvp(command[0], command)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.received = 0
        """Bytes drawn so far."""
        self._drawn = bytearray()
        self._cells, self._to_place = Cells(columns, rows), bytearray()

    def wait_for(self, text: str, patience: float = 60.0) -> float:
        """Read until `text` has been drawn; returns the seconds since the program was started.

        Raises:
            TimeoutError: It was not drawn in time.
        """
        wanted = text.encode()
        deadline = perf_counter() + patience
        while wanted not in ESCAPES.sub(b"", bytes(self._drawn)):
            if perf_counter() > deadline:
                raise TimeoutError(f"{text!r} was not drawn within {patience:.0f} s")
            self.read(0.05)
        return perf_counter() - self.began

    def wait_until(self, shows: Callable[[str], object], patience: float = 60.0) -> None:
        """Read until what stands on the screen is what is waited for.

        Args:
            shows: Whether a screenful, its rows joined by newlines, is it.
            patience: Seconds.

        Raises:
            TimeoutError: It did not come in time.
        """
        deadline = perf_counter() + patience
        while not shows(screen := self._screen()):
            if perf_counter() > deadline:
                raise TimeoutError(f"within {patience:.0f} s came only this:\n{screen}")
            self.read(0.05)

    def _screen(self) -> str:
        """Put together only when somebody looks: it takes time that is no part of what is measured elsewhere."""
        self._cells.write(bytes(self._to_place))
        self._to_place.clear()
        return "\n".join(self._cells.rows())

    def read(self, seconds: float) -> int:
        """Read for so long, or until something came; returns how many bytes."""
        ready, _, _ = select.select([self._file], [], [], seconds)
        if not ready:
            return 0
        try:
            content = os.read(self._file, 65536)
        except OSError:
            return 0
        self.received += len(content)
        self._drawn = self._drawn[-200_000:] + content
        self._to_place += content
        for question, answer in ANSWERS:
            for _ in range(content.count(question)):
                os.write(self._file, answer)
        return len(content)

    def write(self, keys: bytes) -> None:
        """Press keys, in the bytes that a terminal sends for them."""
        os.write(self._file, keys)

    def drain(self, seconds: float) -> None:
        """Read all that comes for so long."""
        until = perf_counter() + seconds
        while (left := until - perf_counter()) > 0:
            self.read(left)

    def close(self) -> None:
        """End the program, as a closed terminal does."""
        os.kill(self.pid, signal.SIGTERM)
        os.close(self._file)
        os.waitpid(self.pid, 0)


def _state_of_somebody_known() -> Path:
    """What tp1tui remembers of a person who was welcomed: the first steps are not what is measured."""
    folder = Path(tempfile.gettempdir()) / f"tp1tui-benchmarks-{os.getuid()}"
    (folder / "tp1tui").mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "tp1tui" / "welcomed").touch()
    return folder
