"""Leaving nothing behind: processes that a test's runs have are ended with it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.waiting import until
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import holder, is_held
from tp1tui.journal.tickets import line, take_out_of_line
from tp1tui.worker.line_lock import is_served


def end_all(runs: Path) -> None:
    """End whatever waits, is served or is worked on in a folder of runs, but for what this process holds itself."""
    for folder, _ in line(runs):
        take_out_of_line(folder)
    until(lambda: not is_served(runs), "the dispatcher to leave")
    for path in runs.glob("[!.]*"):
        pid = holder(RunFolder(path))
        if is_held(RunFolder(path)) and pid and pid != os.getpid():
            os.kill(pid, signal.SIGKILL)
