"""A standby worker, as the front end sees it that keeps one. Free of torch."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import suppress

from tp1tui import __version__
from tp1tui.journal.folder import RunFolder

COMMAND = (sys.executable, "-P", "-m", "tp1tui.worker.standby_process")
READY, TAKEN = "ready", "taken"
PATIENCE = 0.25
"""Seconds in which a standby worker must answer. It has nothing else to do; a key press waits meanwhile."""
_LONGEST = 65_536
"""Bytes of a line."""


class Standby:
    """A process that has imported torch and waits for a run: `tp1tui.worker.standby_process`.

    Only who holds the other end of its socket can give it one. It goes when that end is closed.
    """

    def __init__(self) -> None:
        """Start it.

        Raises:
            OSError: It cannot be started.
        """
        self._socket, theirs = socket.socketpair()
        self._version = ""
        self._has_run = False
        nowhere = subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(
                COMMAND, stdin=theirs.fileno(), stdout=nowhere, stderr=nowhere, start_new_session=True
            )
        except OSError:
            self._socket.close()
            raise
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    @property
    def is_ready(self) -> bool:
        """Whether it has all that a worker needs but a run, and is of this program's version."""
        if self._has_run or not self.is_alive:
            return False
        if not self._version:
            self._socket.settimeout(0)
            with suppress(OSError):
                self._version = received(self._socket).removeprefix(f"{READY} ")
        return self._version == __version__

    def give(self, folder: RunFolder, device: str) -> bool:
        """Let it work on a run; it is a worker as any other then.

        Args:
            folder: Of the run.
            device: auto, cpu, cuda or cuda:N.

        Returns:
            Whether it took the run. If not, it does not live any more, so that another worker can be given the run; but
            one that is not ready yet is left as it is.
        """
        if not self.is_ready:
            return False
        request = json.dumps({"run": str(folder.path.absolute()), "device": device})
        self._socket.settimeout(PATIENCE)
        try:
            self._socket.sendall(f"{request}\n".encode())
            self._has_run = received(self._socket) == TAKEN
        except OSError:
            pass  # it is gone, or does not answer in time
        if self._has_run:
            self._socket.close()
        else:
            self.dismiss()
        return self._has_run

    def dismiss(self) -> None:
        """End it, unless it was given a run."""
        if self._has_run:
            return
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        self._socket.close()


def received(from_other: socket.socket) -> str:
    """A line without its end; empty when the other end was closed before it was whole.

    Raises:
        OSError: Nothing came in time.
    """
    line = b""
    while not line.endswith(b"\n") and len(line) < _LONGEST:
        part = from_other.recv(_LONGEST)
        if not part:
            return ""
        line += part
    return line.decode().rstrip("\n")
