"""What a worker that died without a word for its journal left in worker.log."""

from __future__ import annotations

import os

from tp1tui.files.plain import opened
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.steering import without_steering

_READ = 16 << 10
"""Bytes of the log's end that are looked at."""
_LINES = 3
_LONGEST = 300
"""Characters of a line."""
_CRASH = "Fatal Python error: "
"""How Python's faulthandler begins; the lines under it are the stack, innermost first."""


def last_words(folder: RunFolder) -> tuple[str, ...]:
    """The last lines that a run's latest worker printed; none where it printed nothing after its last journal line.

    Of a crash, what crashed and in which line of Python. To be asked of a run whose worker is gone.
    """
    try:
        if folder.log_path.stat().st_mtime_ns < folder.journal_path.stat().st_mtime_ns:
            return ()  # of an earlier worker, or about something that did not end this one
        with opened(folder.log_path) as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - _READ))
            text = log.read().decode("utf-8", "replace")
    except OSError:
        return ()
    lines = [without_steering(line).strip()[:_LONGEST] for line in text.splitlines() if line.strip()]
    crashes = [number for number, line in enumerate(lines) if line.startswith(_CRASH)]
    return tuple(_of_crash(lines, crashes[-1]) if crashes else lines[-_LINES:])


def _of_crash(lines: list[str], begin: int) -> list[str]:
    """What was said before a crash, its name, and the innermost line of Python."""
    where = [line for line in lines[begin:] if line.startswith("File ")][:1]
    return [*lines[max(0, begin - 1) : begin + 1], *where]
