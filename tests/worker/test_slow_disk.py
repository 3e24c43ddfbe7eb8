"""A journal on a slow file system: the training goes on at nearly its own pace, and its figures are its own.

Time is counted here, not waited for: a step takes a fifth of a second, and so does whatever is written.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.measured import figures
from tests.waiting import until_state
from tests.worker.conftest import spec_of
from tp1tui.engine import checkpoint
from tp1tui.engine.meter import Meter
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import RunLock
from tp1tui.journal.record import RunRecord
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.main import work
from tp1tui.worker.room import PatientJournal

pytestmark = pytest.mark.chaos


STEP = 0.2
WRITE = 0.2
BATCH = 8
ASKED = ("digits", "epochs=4", f"batch_size={BATCH}", "dataset.train_examples=720")


class Clock:
    """Counts what a training and a disk take."""

    def __init__(self) -> None:
        self.training = self.disk = 0.0

    def __call__(self) -> float:
        return self.training + self.disk

    def slowed(self, write: Callable[..., Any], times: int = 1) -> Callable[..., Any]:
        def slow(*words: Any, **named: Any) -> Any:
            self.disk += times * WRITE
            return write(*words, **named)

        return slow

    def stepped(self, add: Callable[..., None]) -> Callable[..., None]:
        def step(*words: Any) -> None:
            self.training += STEP
            add(*words)

        return step


def trained(runs_dir: Path) -> RunRecord:
    folder = RunFolder.create(runs_dir, spec_of(*ASKED), datetime.now(UTC))
    inbox = Inbox(folder)
    with RunLock(folder), PatientJournal(folder, inbox) as journal:
        assert work(folder, journal, "cpu", inbox) == 0
    return until_state(folder, "finished")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Every write to a file takes its time from now on."""
    clock = Clock()
    monkeypatch.setattr("tp1tui.worker.stopwatch.monotonic", clock)
    monkeypatch.setattr("tp1tui.worker.room.monotonic", clock)
    monkeypatch.setattr(os, "write", clock.slowed(os.write))
    monkeypatch.setattr(os, "fsync", clock.slowed(os.fsync))
    monkeypatch.setattr(checkpoint, "save", clock.slowed(checkpoint.save, times=3))
    monkeypatch.setattr(Meter, "add", clock.stepped(Meter.add))
    return clock


def test_a_slow_disk_takes_a_small_share_of_a_training_and_changes_no_figure(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    record = trained(tmp_path / "slow")
    steps = record.epochs[-1].step
    assert clock.training == pytest.approx(steps * STEP)
    assert clock.disk < clock.training / 3
    assert [epoch.images_per_s for epoch in record.epochs[1:]] == pytest.approx([BATCH / STEP] * 4)
    assert clock.training <= record.epochs[-1].elapsed <= clock()
    monkeypatch.undo()
    assert figures(record) == figures(trained(tmp_path / "fast"))
    record_property("slow_writes", round(clock.disk / WRITE))
