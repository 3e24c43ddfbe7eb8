"""Waiting for what another process does, never for time to pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState

PATIENCE = 120.0
"""Seconds after which what is waited for counts as never coming: long, for machines that do other things too."""
Seen = TypeVar("Seen")


def until(look: Callable[[], Seen | None], what: str) -> Seen:
    """Look again and again until there is something to see."""
    deadline = time.monotonic() + PATIENCE
    pulse = Event()
    while time.monotonic() < deadline:
        seen = look()
        if seen:
            return seen
        pulse.wait(0.02)
    raise AssertionError(f"waited {PATIENCE:.0f} s in vain for {what}")


def until_record(folder: RunFolder, holds: Callable[[RunRecord], bool], what: str) -> RunRecord:
    """Follow a run until its record holds something; a run that fails instead says why at once."""
    follower = Follower(folder)

    def look() -> RunRecord | None:
        follower.poll()
        record = follower.record
        if holds(record):
            return record
        assert record.failed is None, record.failed
        return None

    return until(look, what)


def until_state(folder: RunFolder, *wanted: RunState) -> RunRecord:
    """Follow a run until it is in one of these states."""
    follower = Follower(folder)

    def look() -> RunRecord | None:
        follower.poll()
        return follower.record if follower.state() in wanted else None

    return until(look, f"{folder.id} to be {' or '.join(wanted)}")
