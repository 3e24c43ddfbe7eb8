"""What is told while the untrained network is measured, and that nothing else changes."""

from __future__ import annotations

from itertools import islice

import pytest
import torch

from tests.worker.conftest import spec_of
from tp1tui import settings
from tp1tui.data.load import load
from tp1tui.data.store import Store
from tp1tui.engine.loop import train
from tp1tui.engine.training import Training
from tp1tui.worker import first_measure
from tp1tui.worker.first_measure import FirstMeasure
from tp1tui.worker.inbox import Left


def training_of(*changes: str) -> Training:
    experiment = spec_of("digits", *changes).experiment
    examples = load(experiment.dataset, experiment.seed, Store(settings.data_dir()), lambda progress: None)
    return Training(experiment, examples, torch.device("cpu"))


@pytest.fixture(autouse=True)
def every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told of each batch, however fast it was."""
    monkeypatch.setattr(first_measure, "TELL_EVERY", 0.0)


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ((), 500 + 500),
        (("clean_train=true",), 500 + 500 + 1297),
        (("dataset.train_examples=1000", "dataset.validation_fraction=0.1"), 500 + 500 + 100),
        (("dataset.train_examples=320", "dataset.test_examples=400"), 320 + 400),
    ],
)
def test_it_counts_up_to_all_that_is_measured(changes: tuple[str, ...], total: int) -> None:
    training = training_of(*changes)
    told: list[tuple[int, int]] = []
    with FirstMeasure(training, lambda *so_far: told.append(so_far)).counting():
        next(train(training))
    assert told[0] == (250, total)
    assert told[-1] == (total, total)


def test_it_is_told_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_measure, "TELL_EVERY", float("inf"))
    training = training_of()
    told: list[tuple[int, int]] = []
    with FirstMeasure(training, lambda *so_far: told.append(so_far)).counting():
        next(train(training))
    assert len(told) == 1


def test_later_batches_are_not_counted_and_figures_are_the_same() -> None:
    undisturbed, watched = training_of(), training_of()
    told: list[tuple[int, int]] = []
    events = train(watched)
    with FirstMeasure(watched, lambda *so_far: told.append(so_far)).counting():
        first = next(events)
    many = len(told)
    assert [first, *islice(events, 3)] == list(islice(train(undisturbed), 4))
    assert watched.running_averages() == undisturbed.running_averages()
    assert len(told) == many


def test_who_is_told_may_end_it() -> None:
    training = training_of()

    def leave(done: int, total: int) -> None:
        raise Left(stopped=True)

    with pytest.raises(Left), FirstMeasure(training, leave).counting():
        next(train(training))
    assert training.epochs_done is None
