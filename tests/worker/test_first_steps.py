"""Runs whose first steps are taken while the untrained network is still being measured.

Which runs do so depends on how much there is to measure; here all do, and what happens between the first step and
epoch 0 happens in this process, so that it does so on any machine.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.measured import figures
from tests.waiting import until_record, until_state
from tests.worker.conftest import StartRun, pid_of, spec_of
from tp1tui.engine import evaluate, first_steps
from tp1tui.engine.first_steps import PartMeasured, train_at_once
from tp1tui.engine.loop import LoopEvent, StepDone
from tp1tui.engine.training import Training
from tp1tui.journal.commands import Pause, Resume, Stop, SwitchTo, send
from tp1tui.journal.events import Batches, Epoch, Event, Preparing
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lines import Damage, decode
from tp1tui.journal.lock import RunLock
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState
from tp1tui.worker import first_measure, launcher, session
from tp1tui.worker.inbox import Inbox, Left
from tp1tui.worker.main import work
from tp1tui.worker.prepare import prepare
from tp1tui.worker.room import PatientJournal

SHORT = ("epochs=2", "dataset.train_examples=320")
WIDE = (
    *SHORT,
    "optimizer.lr=0.001",
    'model.layers=[{kind="conv",name="conv1",filters=384,kernel=7,padding=3},{kind="batchnorm",name="bn1"},'
    '{kind="relu",name="relu1"},{kind="conv",name="conv2",filters=64,kernel=7,padding=3},{kind="flatten",'
    'name="flatten"},{kind="dropout",name="drop"},{kind="linear",name="fc",features=10}]',
)
"""On the digits: 80 giga multiply-adds before the first step, were they not put off."""


class Killed(BaseException):
    """The end of a worker that can say nothing any more."""


@pytest.fixture(autouse=True)
def always_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The untrained network is measured after the first step, fifty examples at a time; commands are seen at once."""
    monkeypatch.setattr(first_steps, "LONG", 0)
    monkeypatch.setitem(evaluate.BATCH, "cpu", 50)
    monkeypatch.setattr(session, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(session, "ATTEND_AT_LATEST", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", spec_of("digits", *SHORT), datetime.now().astimezone())


def worked(folder: RunFolder) -> tuple[RunState, RunRecord]:
    """Do what a run asks for, as a worker does."""
    inbox = Inbox(folder)
    with RunLock(folder), PatientJournal(folder, inbox) as journal:
        work(folder, journal, "cpu", inbox)
    return seen(folder)


def seen(folder: RunFolder) -> tuple[RunState, RunRecord]:
    follower = Follower(folder)
    follower.poll()
    return follower.state(), follower.record


def in_between(patched: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something once, after the first step and before epoch 0."""

    def acting(training: Training, hurried: Callable[[], bool]) -> Iterator[LoopEvent | PartMeasured]:
        waits = True
        for event in train_at_once(training, hurried):
            yield event
            if waits and isinstance(event, PartMeasured):
                waits = False
                act()

    patched.setattr(session, "train_at_once", acting)


def events_of(folder: RunFolder) -> list[Event | Damage]:
    lines = folder.journal_path.read_bytes().splitlines(keepends=True)
    return [event for line in lines if (event := decode(line, folder.uid())) is not None]


def test_batches_are_told_before_epoch_zero_whose_time_is_none_of_the_training_s(folder: RunFolder) -> None:
    state, record = worked(folder)
    assert state == "finished"
    kinds = [event.kind for event in events_of(folder) if isinstance(event, Batches | Epoch)]
    assert kinds.index("batches") < kinds.index("epoch")
    zero, one, two = record.epochs
    assert 0 < zero.seconds < zero.elapsed
    assert one.elapsed == pytest.approx(zero.seconds + one.seconds)
    assert two.elapsed == pytest.approx(one.elapsed + two.seconds)
    assert one.images_per_s * one.seconds > 320


def test_a_run_cut_off_in_between_begins_anew(
    folder: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise Killed

    with monkeypatch.context() as patched:
        in_between(patched, die)
        with pytest.raises(Killed):
            worked(folder)
    state, cut = seen(folder)
    assert state == "interrupted"
    assert cut.losses
    assert not cut.epochs
    state, resumed = worked(folder)
    assert (state, resumed.resumes) == ("finished", 1)
    undisturbed = RunFolder.create(tmp_path / "others", folder.spec(), datetime.now().astimezone())
    assert figures(resumed) == figures(worked(undisturbed)[1])


def test_a_switch_waits_for_epoch_zero_and_a_pause_too(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask() -> None:
        send(folder, SwitchTo(switch="dropout", on=True))
        send(folder, Pause())

    obey, paused = session.Session.obey, list[RunRecord]()

    def obeying(driving: session.Session) -> None:
        if driving.is_paused and not paused:
            paused.append(seen(folder)[1])
            send(folder, Resume())
        obey(driving)

    in_between(monkeypatch, ask)
    monkeypatch.setattr(session.Session, "obey", obeying)
    state, finished = worked(folder)
    assert state == "finished"
    [then] = paused
    assert [epoch.epoch for epoch in then.epochs] == [0]
    assert not then.epochs[0].dropout
    assert [change.switch for change in then.changes] == ["dropout"]
    assert list(finished.losses[: len(then.losses)]) == list(then.losses)


def test_a_stop_ends_it_at_once(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        in_between(patched, lambda: send(folder, Stop()))
        state, stopped = worked(folder)
    assert state == "stopped"
    assert not stopped.epochs
    state, finished = worked(folder)
    assert state == "finished"
    assert [epoch.epoch for epoch in finished.epochs] == [0, 1, 2]


def test_who_asked_is_told_what_it_waits_for_and_a_stop_is_heard_meanwhile(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_measure, "TELL_EVERY", 0.0)
    monkeypatch.setitem(evaluate.BATCH, "cpu", 100)
    inbox = Inbox(folder)
    with PatientJournal(folder, inbox) as journal:
        driving = prepare(folder, folder.training_spec().experiment, journal, "cpu", inbox)
        with pytest.raises(Left) as left:
            _pause_at_the_first_step_and_stop_at_the_third_part(driving, folder)
    assert left.value.stopped
    told = [event.what for event in events_of(folder) if isinstance(event, Preparing)]
    waits = "what was asked waits for the untrained network: "
    assert told[-2:] == [f"{waits}100 of 820 measured", f"{waits}200 of 820 measured"]


def _pause_at_the_first_step_and_stop_at_the_third_part(driving: session.Session, folder: RunFolder) -> None:
    parts = 0
    for event in driving._events():
        if isinstance(event, StepDone):
            send(folder, Pause())
        parts += isinstance(event, PartMeasured)
        if parts == 3:
            send(folder, Stop())
        driving.follow(event)


@pytest.mark.long
def test_a_worker_that_is_killed_in_between_leaves_a_run_that_begins_anew(fork_run: StartRun) -> None:
    undisturbed = until_state(fork_run("digits", *WIDE), "finished", "failed")
    folder = fork_run("digits", *WIDE)
    assert not until_record(folder, lambda record: record.step > 0, "a step").epochs
    os.kill(pid_of(folder), signal.SIGKILL)
    assert not until_state(folder, "interrupted").epochs
    launcher.resume(folder)
    resumed = until_state(folder, "finished", "failed")
    assert resumed.resumes == 1
    assert figures(resumed) == figures(undisturbed)
