"""What a run is doing: decided by its lock, and once that is free by its journal."""

from __future__ import annotations

from typing import Literal

from tp1tui.journal.record import RunRecord

RunState = Literal["queued", "running", "paused", "finished", "stopped", "failed", "interrupted"]
ShownState = RunState | Literal["unstarted"]
"""As a state is shown and looked for: a run that has not begun is queued while it waits in line, else unstarted."""


def run_state(record: RunRecord, *, lock_held: bool, in_line: bool) -> RunState:
    """The state of a run.

    Args:
        record: What its journal says.
        lock_held: Whether a worker lives. To be asked before the journal is read: a worker that ends writes how
            before it lets go, so a journal read after a free lock holds all that there will be.
        in_line: Whether the run waits for its turn.
    """
    if lock_held:
        return "paused" if record.paused else "running"
    if in_line:
        return "queued"
    if record.failed:
        return "failed"
    if record.finished:
        return record.finished.outcome
    return "queued" if record.last_time is None else "interrupted"


def shown_state(state: RunState, *, in_line: bool) -> ShownState:
    """The word for a state; `in_line` says whether the run waits for its turn."""
    return "unstarted" if state == "queued" and not in_line else state
