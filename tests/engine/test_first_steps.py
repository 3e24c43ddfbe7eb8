"""Steps that are taken while the untrained network is still being measured."""

from __future__ import annotations

from itertools import islice

import pytest
import torch

from tests.engine.conftest import made_up_examples
from tp1tui.data.validation import held_out
from tp1tui.engine import evaluate, first_steps
from tp1tui.engine.first_steps import PartMeasured, measured_at_first, takes_long, train_at_once
from tp1tui.engine.loop import EpochMeasured, EpochTrained, LoopEvent, StepDone, train
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

PARTS = 2 * 4
"""Of 20 examples for training and as many for testing, five at a time."""


@pytest.fixture(autouse=True)
def parts_of_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(evaluate.BATCH, "cpu", 5)


def training_of(experiment: Experiment) -> Training:
    count = round(50 * experiment.dataset.validation_fraction)
    examples = held_out(made_up_examples(), count, experiment.seed)
    return Training(experiment, examples, torch.device("cpu"))


def at_once(training: Training, *, hurried: bool = False) -> list[LoopEvent | PartMeasured]:
    return list(train_at_once(training, lambda: hurried))


def epochs(events: list[LoopEvent | PartMeasured]) -> list[EpochMeasured]:
    return sorted((event for event in events if isinstance(event, EpochMeasured)), key=lambda event: event.epoch)


def kinds(events: list[LoopEvent | PartMeasured]) -> list[str]:
    return [f"epoch {event.epoch}" if isinstance(event, EpochMeasured) else type(event).__name__ for event in events]


CHANGES = [
    (),
    ("batchnorm.enabled=true", "dropout.enabled=true", "augmentation.enabled=true"),
    ("precision=bf16",),
    ("clean_train=true",),
    ("epochs=1", "batch_size=50"),
]


@pytest.mark.parametrize("changes", CHANGES, ids=["plain", "switches", "bf16", "clean", "one step"])
@pytest.mark.parametrize("hurried", [False, True], ids=["", "hurried"])
def test_all_figures_are_those_of_the_loop(small: Experiment, changes: tuple[str, ...], hurried: bool) -> None:
    experiment = with_changes(small, changes)
    plain, early = training_of(experiment), training_of(experiment)
    expected = epochs(list(train(plain)))
    assert epochs(at_once(early, hurried=hurried)) == expected
    assert plain.meter.fetch() == early.meter.fetch()
    for name, weight in plain.model.state_dict().items():
        assert torch.equal(weight, early.model.state_dict()[name]), name


def test_the_first_step_comes_first_and_a_part_after_each(small: Experiment) -> None:
    told = kinds(at_once(training_of(with_changes(small, ["batch_size=5"]))))
    assert told[: 2 * PARTS] == ["StepDone", "PartMeasured"] * PARTS
    assert told[2 * PARTS : 2 * PARTS + 2] == ["StepDone", "epoch 0"]
    assert told.index("epoch 0") < told.index("EpochTrained")
    assert "PartMeasured" not in told[told.index("epoch 0") :]


def test_who_is_in_a_hurry_gets_epoch_zero_before_the_second_step(small: Experiment) -> None:
    told = kinds(at_once(training_of(small), hurried=True))
    assert told[: PARTS + 3] == ["StepDone", *["PartMeasured"] * PARTS, "epoch 0", "StepDone"]


def test_an_epoch_that_ends_too_soon_waits_for_epoch_zero(small: Experiment) -> None:
    told = kinds(at_once(training_of(with_changes(small, ["epochs=1"]))))
    assert told[-3:] == ["PartMeasured", "epoch 0", "epoch 1"]
    assert told.count("PartMeasured") == PARTS


def test_the_validation_set_is_measured_too(small: Experiment) -> None:
    experiment = with_changes(small, ["dataset.validation_fraction=0.2"])
    (first, *_) = epochs(at_once(training_of(experiment)))
    (expected, *_) = islice(train(training_of(experiment)), 1)
    assert first == expected
    assert first.validation is not None


def test_only_what_takes_a_cpu_long_is_put_off(small: Experiment, monkeypatch: pytest.MonkeyPatch) -> None:
    training = training_of(small)
    assert not takes_long(training)
    monkeypatch.setattr(first_steps, "LONG", 0)
    assert takes_long(training)
    training.device = torch.device("meta")  # of any other kind
    assert not takes_long(training)


def test_the_copy_works_in_the_layout_of_the_training(small: Experiment) -> None:
    plain, early = training_of(small), training_of(small)
    for training in (plain, early):
        training.set_layout("channels-first")
    assert epochs(at_once(early)) == epochs(list(train(plain)))


def test_the_parts_say_how_long_they_took(small: Experiment) -> None:
    parts = [event for event in at_once(training_of(small)) if isinstance(event, PartMeasured)]
    assert len(parts) == PARTS
    assert all(part.seconds > 0 for part in parts)


@pytest.mark.parametrize("changes", [(), ("clean_train=true",), ("dataset.validation_fraction=0.2",)])
def test_the_parts_make_up_all_that_is_measured_at_first(small: Experiment, changes: tuple[str, ...]) -> None:
    training = training_of(with_changes(small, changes))
    parts = [event for event in at_once(training) if isinstance(event, PartMeasured)]
    assert sum(part.examples for part in parts) == measured_at_first(training)


def test_steps_are_those_of_the_loop(small: Experiment) -> None:
    told = at_once(training_of(small))
    assert [event.step for event in told if isinstance(event, StepDone)] == list(range(1, 13))
    assert [event.epoch for event in told if isinstance(event, EpochTrained)] == [1, 2, 3]
