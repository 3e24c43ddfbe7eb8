"""A program over a slow connection, to be tried by hand: python -m benchmarks.slow_link -- tp1tui.

What is typed and what is drawn each take their time on the way; what is drawn also waits for its turn, as it does on a
line that carries so many bytes a second. On leaving, what went over the line is told.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import sys
import termios
import tty
from collections import deque
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType

CHUNK = 512
"""Bytes that are sent at once: of more, the first are drawn earlier than the last."""
STDIN, STDOUT = 0, 1


@dataclass
class Lane:
    """One direction of the line."""

    delay: float
    """Seconds on the way."""
    rate: float
    """Bytes a second."""
    total: int = 0
    _waiting: deque[tuple[float, bytes]] = field(default_factory=deque)
    _free_at: float = 0.0

    def send(self, content: bytes, now: float) -> None:
        """Put bytes on their way."""
        self.total += len(content)
        for start in range(0, len(content), CHUNK):
            part = content[start : start + CHUNK]
            self._free_at = max(self._free_at, now) + len(part) / self.rate
            self._waiting.append((self._free_at + self.delay, part))

    def arrived(self, now: float) -> bytes:
        """What has come out at the other end by now."""
        parts = []
        while self._waiting and self._waiting[0][0] <= now:
            parts.append(self._waiting.popleft()[1])
        return b"".join(parts)

    def next_at(self) -> float | None:
        """When the next bytes come out; None while none are on their way."""
        return self._waiting[0][0] if self._waiting else None


def main() -> int:
    """Run a program over the line; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slow_link", description=__doc__)
    parser.add_argument("--rate", type=float, default=20.0, help="kB/s to the terminal (20)")
    parser.add_argument("--delay", type=float, default=150.0, help="ms, each way (150)")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    pid, program = pty.fork()
    if pid == 0:
        os.execvp(asked.command[0], asked.command)
    _same_size(program)
    signal.signal(signal.SIGWINCH, lambda number, frame: _resized(program, frame))
    typed, drawn = Lane(asked.delay / 1e3, 1e9), Lane(asked.delay / 1e3, 1e3 * asked.rate)
    before = termios.tcgetattr(STDIN)
    began = monotonic()
    try:
        tty.setraw(STDIN)
        _carry(program, typed, drawn)
    finally:
        termios.tcsetattr(STDIN, termios.TCSADRAIN, before)
    seconds = monotonic() - began
    sys.stderr.write(f"{drawn.total / 1e3:,.1f} kB drawn in {seconds:.0f} s, {drawn.total / 1e3 / seconds:.1f} kB/s\n")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _carry(program: int, typed: Lane, drawn: Lane) -> None:
    """Carry bytes both ways until the program is gone and all that it drew has arrived."""
    open_ends = [STDIN, program]
    while program in open_ends or drawn.next_at() is not None:
        soonest = min((at for at in (typed.next_at(), drawn.next_at()) if at is not None), default=None)
        patience = None if soonest is None else max(0.0, soonest - monotonic())
        ready, _, _ = select.select(open_ends, [], [], patience)
        for end in ready:
            content = _read(end)
            if not content:
                open_ends.remove(end)
            elif end == STDIN:
                typed.send(content, monotonic())
            else:
                drawn.send(content, monotonic())
        if arrived := drawn.arrived(monotonic()):
            os.write(STDOUT, arrived)
        if (arrived := typed.arrived(monotonic())) and program in open_ends:
            os.write(program, arrived)


def _read(end: int) -> bytes:
    try:
        return os.read(end, 65536)
    except OSError:  # a program that is gone
        return b""


def _same_size(program: int) -> None:
    fcntl.ioctl(program, termios.TIOCSWINSZ, fcntl.ioctl(STDOUT, termios.TIOCGWINSZ, b"\0" * 8))


def _resized(program: int, frame: FrameType | None) -> None:
    del frame
    _same_size(program)


if __name__ == "__main__":
    sys.exit(main())
