"""Whether somebody opens tp1tui for the first time, and remembering that they did."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tp1tui import settings
from tp1tui.files.private import make_private
from tp1tui.tui.look import nothing_run_yet

_FILE = "welcomed"


def is_first_time(runs_dir: Path) -> bool:
    """Whether nothing was run yet and nobody was welcomed on this account; takes a millisecond."""
    return not (settings.state_dir() / _FILE).exists() and nothing_run_yet(runs_dir)


def remember() -> None:
    """Never welcome this person again. Where nothing can be kept, they are welcomed until there is a run."""
    with suppress(OSError):
        make_private(settings.state_dir())
        (settings.state_dir() / _FILE).touch()
