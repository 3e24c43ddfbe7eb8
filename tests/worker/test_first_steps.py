"""Runs whose untrained network takes long to measure, so that their first steps are taken meanwhile."""

from __future__ import annotations

import os
import signal
from datetime import datetime
from pathlib import Path

import pytest

from tests.measured import figures
from tests.waiting import until_record, until_state
from tests.worker.conftest import StartRun, pid_of, spec_of
from tp1tui.engine import evaluate, first_steps
from tp1tui.engine.first_steps import PartMeasured
from tp1tui.engine.loop import StepDone
from tp1tui.journal.commands import Pause, Resume, Stop, SwitchTo, send
from tp1tui.journal.events import Batches, Epoch, Event, Preparing
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lines import Damage, decode
from tp1tui.journal.record import RunRecord
from tp1tui.worker import first_measure, launcher
from tp1tui.worker.inbox import Inbox, Left
from tp1tui.worker.prepare import prepare
from tp1tui.worker.room import PatientJournal
from tp1tui.worker.session import Session

WIDE = (
    "epochs=2",
    "optimizer.lr=0.001",
    "dataset.train_examples=320",
    'model.layers=[{kind="conv",name="conv1",filters=384,kernel=7,padding=3},{kind="batchnorm",name="bn1"},'
    '{kind="relu",name="relu1"},{kind="conv",name="conv2",filters=64,kernel=7,padding=3},{kind="flatten",'
    'name="flatten"},{kind="dropout",name="drop"},{kind="linear",name="fc",features=10}]',
)
"""On the digits: 80 giga multiply-adds before the first step, were they not put off."""


def events_of(folder: RunFolder) -> list[Event | Damage]:
    lines = folder.journal_path.read_bytes().splitlines(keepends=True)
    return [event for line in lines if (event := decode(line, folder.uid())) is not None]


def test_batches_are_told_before_epoch_zero_and_a_run_cut_off_meanwhile_begins_anew(start_run: StartRun) -> None:
    undisturbed = start_run("digits", *WIDE)
    told = until_state(undisturbed, "finished", "failed")
    assert told.failed is None
    kinds = [event.kind for event in events_of(undisturbed) if isinstance(event, Batches | Epoch)]
    assert kinds.index("batches") < kinds.index("epoch")
    _check_times(told)

    folder = start_run("digits", *WIDE)
    _until_between(folder)
    os.kill(pid_of(folder), signal.SIGKILL)
    cut = until_state(folder, "interrupted")
    assert cut.losses
    assert not cut.epochs
    launcher.resume(folder)
    resumed = until_state(folder, "finished", "failed")
    assert resumed.resumes == 1
    assert figures(resumed) == figures(told)


def test_a_switch_waits_for_epoch_zero_and_a_pause_too(start_run: StartRun) -> None:
    folder = start_run("digits", *WIDE)
    _until_between(folder)
    send(folder, SwitchTo(switch="dropout", on=True))
    send(folder, Pause())
    paused = until_state(folder, "paused", "finished")
    assert [epoch.epoch for epoch in paused.epochs] == [0]
    assert not paused.epochs[0].dropout
    assert [change.switch for change in paused.changes] == ["dropout"]
    send(folder, Resume())
    finished = until_state(folder, "finished", "failed")
    assert finished.failed is None
    assert list(finished.losses[: len(paused.losses)]) == list(paused.losses)


def test_a_stop_ends_it_at_once(start_run: StartRun) -> None:
    folder = start_run("digits", *WIDE)
    _until_between(folder)
    send(folder, Stop())
    stopped = until_state(folder, "stopped", "finished")
    assert not stopped.epochs
    launcher.resume(folder)
    finished = until_state(folder, "finished", "failed")
    assert [epoch.epoch for epoch in finished.epochs] == [0, 1, 2]


def test_who_asked_is_told_what_it_waits_for_and_a_stop_is_heard_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_steps, "LONG", 0)
    monkeypatch.setattr(first_measure, "TELL_EVERY", 0.0)
    monkeypatch.setitem(evaluate.BATCH, "cpu", 100)
    folder = RunFolder.create(tmp_path, spec_of("digits"), datetime.now().astimezone())
    inbox = Inbox(folder)
    with PatientJournal(folder, inbox) as journal:
        session = prepare(folder, folder.training_spec().experiment, journal, "cpu", inbox)
        with pytest.raises(Left) as left:
            _pause_at_the_first_step_and_stop_at_the_third_part(session, folder)
    assert left.value.stopped
    told = [event.what for event in events_of(folder) if isinstance(event, Preparing)]
    waits = "what was asked waits for the untrained network: "
    assert told[-2:] == [f"{waits}100 of 1,000 measured", f"{waits}200 of 1,000 measured"]


def _pause_at_the_first_step_and_stop_at_the_third_part(session: Session, folder: RunFolder) -> None:
    parts = 0
    for event in session._events():
        if isinstance(event, StepDone):
            send(folder, Pause())
        parts += isinstance(event, PartMeasured)
        if parts == 3:
            send(folder, Stop())
        session.follow(event)


def _until_between(folder: RunFolder) -> None:
    record = until_record(folder, lambda record: record.step > 0, "a step")
    assert not record.epochs
    assert record.preparing is not None
    assert record.preparing.what.startswith("measuring the untrained network")


def _check_times(record: RunRecord) -> None:
    """Epoch 0 counts as if it had come first, and none of its time as training."""
    zero, one, two = record.epochs
    assert 0 < zero.seconds == zero.elapsed
    assert one.elapsed == zero.elapsed + one.seconds
    assert two.elapsed == one.elapsed + two.seconds
    assert one.images_per_s * one.seconds > 320
