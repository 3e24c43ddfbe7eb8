"""A real terminal that a test can type into and read: tmux."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.waiting import until


class Tmux:
    """One window of a tmux server of its own."""

    def __init__(self, command: str, folder: Path, columns: int, rows: int) -> None:
        self._socket = f"tp1tui-{uuid.uuid4().hex[:8]}"
        self._folder = folder
        self._call(
            "-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder), command
        )
        self._call("set", "-g", "remain-on-exit", "on")

    def press(self, *keys: str) -> None:
        """Type keys by tmux's names: Enter, Space, Escape, a, …"""
        self._call("send-keys", *keys)

    def screen(self) -> str:
        """What is to be read now."""
        return self._call("capture-pane", "-p")

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self._call("resize-window", "-x", str(columns), "-y", str(rows))

    def wait_for(self, text: str | Callable[[str], bool]) -> str:
        """Wait until the screen shows a text, or satisfies a question; returns the screen."""

        def look() -> str | None:
            screen = self.screen()
            return screen if (text in screen if isinstance(text, str) else text(screen)) else None

        try:
            return until(look, f"the screen to show {text!r}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows:\n{self.screen()}") from None

    def pid(self) -> int:
        """Of the process that runs in it."""
        return int(self._call("display-message", "-p", "#{pane_pid}"))

    def close(self) -> None:
        """End the server, and with it whatever runs in it: what a lost connection does."""
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], check=False, capture_output=True)

    def _call(self, *words: str) -> str:
        environment = {
            # Pictures of screens leave their size there, which a program would take for the terminal's.
            **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
            "XDG_STATE_HOME": str(self._folder / ".state"),
        }
        answer = subprocess.run(
            ["tmux", "-L", self._socket, *words], check=True, capture_output=True, text=True, env=environment
        )
        return answer.stdout


needs_tmux = pytest.mark.skipif(
    shutil.which("tmux") is None and not os.environ.get("CI"), reason="tmux is not installed"
)
