"""A terminal that a test holds the other end of: it can be read, typed into, looked at, and pulled out."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tests.waiting import until

SCRIPT = Path(sys.executable).with_name("tp1tui")


class LoneTerminal:
    """A program in a terminal of its own that sends it no SIGHUP: the worst that a lost connection can do."""

    def __init__(self, *words: str, folder: Path) -> None:
        self._master, slave = pty.openpty()
        self._slave = os.dup(slave)
        self.before = self.attributes()
        self._read = bytearray()
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
            "TERM": "xterm-256color",
            "XDG_STATE_HOME": str(folder / ".state"),
            "XDG_CONFIG_HOME": str(folder / ".config"),
        }
        termios.tcsetwinsize(slave, (40, 120))
        self.process = subprocess.Popen(
            [SCRIPT, *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=folder,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        )
        os.close(slave)
        self._pulled = Event()
        self._reader = Thread(target=self._drain, daemon=True)
        self._reader.start()

    @property
    def written(self) -> str:
        """All that came so far."""
        return self._read.decode("utf-8", "replace")

    def attributes(self) -> list[Any]:
        """How the terminal is set: raw or not, with echo or not."""
        return termios.tcgetattr(self._slave)

    def wait_for(self, text: str) -> None:
        """Wait until a text has come."""
        until(lambda: text in self.written, f"{text!r}")

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def pull_out(self) -> None:
        """Close this end, as a lost connection does."""
        self._pulled.set()
        self._reader.join()  # a file that somebody reads stays open
        os.close(self._slave)
        os.close(self._master)

    def _drain(self) -> None:
        while not self._pulled.is_set():
            if select.select([self._master], [], [], 0.05)[0]:
                self._read += os.read(self._master, 65_536)
