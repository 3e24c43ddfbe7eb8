"""Small things, really trained: what is said of those that go wrong, and nothing of those that go well."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import torch
from torch import nn

from tests.worker.conftest import spec_of
from tp1tui.engine.training import Training
from tp1tui.journal.events import Warned
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.spec.results import Grid, Table
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.prepare import prepare
from tp1tui.worker.room import PatientJournal

pytestmark = pytest.mark.usefixtures("one_thread")

Meddle = Callable[[Training], None]


def trained(runs_dir: Path, preset: str, *changes: str, meddle: Meddle | None = None) -> RunRecord:
    """Train in this process, as a worker does, after `meddle` has had the untrained network."""
    folder = RunFolder.create(runs_dir, spec_of(preset, *changes), datetime.now().astimezone())
    inbox = Inbox(folder)
    with PatientJournal(folder, inbox) as journal:
        session = prepare(folder, folder.spec().experiment, journal, "cpu", inbox)
        if meddle:
            meddle(session._training)
        session.run()
    return record_of(folder)


def record_of(folder: RunFolder) -> RunRecord:
    follower = Follower(folder)
    follower.poll()
    return follower.record


def signs_of(record: RunRecord) -> dict[str, Warned]:
    """By topic; each may be said once only."""
    topics = [event.topic for event in record.warned]
    assert len(set(topics)) == len(topics)
    return {event.topic: event for event in record.warned}


@pytest.mark.parametrize(
    ("preset", "changes"),
    [
        ("digits", ("epochs=8",)),
        ("digits", ("dropout.enabled=true", "augmentation.enabled=true", "epochs=6")),
        ("digits", ("batchnorm.enabled=false", "epochs=6")),
        (
            "digits",
            ("batch_size=1", "optimizer.momentum=0", "optimizer.lr=0.01", "dataset.train_examples=300", "epochs=4"),
        ),
        ("ab2.4", ("epochs=60",)),
        ("ab2.4", ("epochs=10", "batch_size=1")),
        ("ab2.4", ("epochs=60", "batch_size=200", "optimizer.lr=0.3")),
    ],
)
def test_nothing_is_said_of_a_training_that_goes_well(tmp_path: Path, preset: str, changes: tuple[str, ...]) -> None:
    assert trained(tmp_path, preset, *changes).warnings == []


def test_adam_with_steps_of_a_tenth_is_stuck_at_chance(tmp_path: Path) -> None:
    record = trained(tmp_path, "digits", "optimizer={kind='adam', lr=0.1}", "batchnorm.enabled=false", "epochs=9")
    found = signs_of(record)
    assert found.keys() <= {"chance", "dead-relus"}
    assert found["chance"].epoch == 1
    assert "near ln 10 = 2.303" in found["chance"].message
    assert found["chance"].message.endswith("Usually the learning rate (0.1) is too large for adam; try 0.001.")


def test_a_loss_that_is_not_finite_is_said_with_its_step(tmp_path: Path) -> None:
    record = trained(tmp_path, "digits", "optimizer.lr=5", "epochs=3")
    [sign] = signs_of(record).values()
    assert sign.topic == "not-finite"
    first = next(step for step, loss in enumerate(record.losses, start=1) if not abs(loss) < float("inf"))
    assert f"from step {first} (epoch {sign.epoch}) on" in sign.message


def test_a_large_learning_rate_is_seen_to_oscillate(tmp_path: Path) -> None:
    found = signs_of(trained(tmp_path, "ab2.4", "optimizer.lr=3", "epochs=12"))
    assert found["oscillation"].message.startswith("Training loss goes up and down, lately between ")


def bury(training: Training) -> None:
    """Push most units of the third ReLU below anything that they are given."""
    layer = training.model.get_submodule("fc3")
    assert isinstance(layer, nn.Linear)
    with torch.no_grad():
        layer.bias[:80] = -1000.0


def test_units_buried_under_their_biases_are_said_to_be_dead(tmp_path: Path) -> None:
    found = signs_of(trained(tmp_path, "digits", "epochs=7", meddle=bury))
    assert list(found) == ["dead-relus"]
    share = int(found["dead-relus"].message.removeprefix("Dead ReLUs: ").partition(" %")[0])
    assert share >= 80
    assert "units of relu3" in found["dead-relus"].message


def test_a_resumed_run_repeats_no_sign_and_ends_with_the_same_figures(tmp_path: Path) -> None:
    changes = ("optimizer={kind='adam', lr=0.1}", "batchnorm.enabled=false", "epochs=9")
    undisturbed = trained(tmp_path, "digits", *changes)
    folder = RunFolder.create(tmp_path, spec_of("digits", *changes), datetime.now().astimezone())
    for stop_after in (3, 7, None):
        inbox = Inbox(folder)
        with PatientJournal(folder, inbox) as journal:
            session = prepare(folder, folder.spec().experiment, journal, "cpu", inbox)
            if stop_after:
                measured = itertools.count(1)
                end_epoch = session._end_epoch

                def leave_later(event: object, at: int = stop_after) -> None:
                    inbox.leave = next(measured) == at  # noqa: B023 - this worker's own
                    end_epoch(event)  # type: ignore[arg-type]  # noqa: B023

                session._end_epoch = leave_later  # type: ignore[method-assign]
            session.run()
    resumed = record_of(folder)
    assert resumed.resumes == 2
    assert [(sign.topic, sign.epoch) for sign in resumed.warned] == [
        (sign.topic, sign.epoch) for sign in undisturbed.warned
    ]
    assert list(resumed.losses) == list(undisturbed.losses)
    assert [epoch.test_loss for epoch in resumed.epochs] == [epoch.test_loss for epoch in undisturbed.epochs]
    assert resumed.findings == undisturbed.findings


def test_a_run_ends_with_what_it_takes_for_what(tmp_path: Path) -> None:
    record = trained(tmp_path, "digits", "epochs=2")
    confusion, table = record.results["confusion"], record.results["by class"]
    assert isinstance(confusion, Grid)
    assert isinstance(table, Table)
    last = record.epochs[-1]
    assert last.test_top1_by_class is not None
    for number, row in enumerate(confusion.values):
        counts = [count or 0.0 for count in row]
        assert 100 * counts[number] / sum(counts) == pytest.approx(last.test_top1_by_class[number])
        assert table.rows[number][:2] == (str(number), sum(counts))
    assert sum(count or 0.0 for row in confusion.values for count in row) == 500
