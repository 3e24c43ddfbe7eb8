from __future__ import annotations

import pytest

from tp1tui.journal.events import Event, Failed, Finished, Paused, Preparing, Resumed, Started, Warned
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState, run_state

T = {"time": 1.0, "step": 0}
STARTED = Started(
    **T, pid=1, host="", user="", device="cpu", device_name="", threads=1, versions={}, steps_per_epoch=1, epochs=1
)
PREPARING, PAUSED = Preparing(**T, what="reading digits"), Paused(**T)
GOES_ON = Resumed(**T, from_checkpoint=False, pid=1, device="cpu")
TAKEN_UP = Resumed(**T, from_checkpoint=True, pid=2, device="cpu")
FINISHED, STOPPED = Finished(**T, outcome="finished"), Finished(**T, outcome="stopped")
FAILED, WARNED = Failed(**T, reason="no memory"), Warned(**T, message="slow")


@pytest.mark.parametrize(
    ("journal", "held", "free"),
    [
        ([], "running", "queued"),
        ([PREPARING], "running", "interrupted"),
        ([STARTED], "running", "interrupted"),
        ([STARTED, PAUSED], "paused", "interrupted"),
        ([STARTED, PAUSED, WARNED], "paused", "interrupted"),
        ([STARTED, PAUSED, GOES_ON], "running", "interrupted"),
        ([STARTED, PAUSED, PREPARING], "running", "interrupted"),
        ([STARTED, PAUSED, TAKEN_UP], "running", "interrupted"),
        ([STARTED, FINISHED], "running", "finished"),
        ([STARTED, STOPPED], "running", "stopped"),
        ([STARTED, PAUSED, STOPPED], "paused", "stopped"),
        ([STARTED, FAILED], "running", "failed"),
        ([PREPARING, FAILED], "running", "failed"),
        ([STARTED, STOPPED, WARNED], "running", "stopped"),
        ([STARTED, STOPPED, FAILED], "running", "failed"),
        ([STARTED, FAILED, STOPPED], "running", "stopped"),
        ([STARTED, STOPPED, PREPARING], "running", "interrupted"),
        ([STARTED, FAILED, TAKEN_UP], "running", "interrupted"),
        ([STARTED, FAILED, TAKEN_UP, FINISHED], "running", "finished"),
    ],
)
def test_the_state_follows_from_lock_and_journal(journal: list[Event], held: RunState, free: RunState) -> None:
    record = RunRecord()
    for event in journal:
        record.apply(event)
    for in_line in (False, True):
        assert run_state(record, lock_held=True, in_line=in_line) == held
    assert run_state(record, lock_held=False, in_line=False) == free
    assert run_state(record, lock_held=False, in_line=True) == "queued"
