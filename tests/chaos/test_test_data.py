"""Test data never touches training: with garbage in its place, every weight and training figure stays the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tests.chaos.test_kills import same
from tests.engine.conftest import SMALL, made_up_examples
from tp1tui.data.arrays import Examples
from tp1tui.data.validation import held_out
from tp1tui.data.whitened import whitened
from tp1tui.engine.loop import EpochMeasured, StepDone, train
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")
HELD_OUT = 10
Record = Callable[[str, object], None]

ON = ("augmentation.enabled=true", "dropout.enabled=true", "batchnorm.enabled=true")
EXPERIMENTS = {
    "nothing on": (),
    "constants": (*ON, "standardization={kind='constants', enabled=true}"),
    "channel": (*ON, "standardization={kind='channel', enabled=true}"),
    "per image": (*ON, "standardization={kind='image', enabled=true}"),
    "mean image": (*ON, "standardization={kind='pixel', enabled=true}"),
    "ZCA": (*ON, "standardization={kind='zca', enabled=true}"),
    # No epoch makes such progress, so the rate falls after each second one: the schedule is at work.
    "plateau": (*ON, "schedule={kind='plateau', patience=1, threshold=0.9}", "epochs=6"),
    "clean train": (*ON, "clean_train=true"),
}


def of_garbage(examples: Examples) -> Examples:
    """The same training set with pixels and labels of nothing in all others: white noise, every label the last."""
    draws = np.random.default_rng(1)

    def noise(like: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return draws.choice(np.array([0, 255], dtype=like.dtype), like.shape)

    assert examples.validation_inputs is not None
    assert examples.validation_labels is not None
    return replace(
        examples,
        test_inputs=noise(examples.test_inputs),
        test_labels=np.full_like(examples.test_labels, 9),
        validation_inputs=noise(examples.validation_inputs),
        validation_labels=np.full_like(examples.validation_labels, 9),
    )


def outcome(experiment: Experiment, examples: Examples) -> tuple[list[object], list[float], dict[str, Any]]:
    """All that training yields: figures of training, losses on the other sets, and the state at the end."""
    training = Training(experiment, whitened(experiment, examples, CPU), CPU)
    trained: list[object] = []
    measured: list[float] = []
    for event in train(training):
        match event:
            case StepDone():
                trained += training.meter.fetch().losses
            case EpochMeasured():
                trained += [event.lr, event.train, event.clean_train]
                assert event.validation is not None
                measured += [event.test.loss, event.validation.loss]
    return trained, measured, training.state()


def held_out_of(examples: Examples, name: str) -> tuple[Experiment, Examples]:
    """One of the experiments, and its examples with a validation set of their own."""
    fraction = f"dataset.validation_fraction={HELD_OUT / len(examples.train_labels)}"
    experiment = with_changes(Experiment.model_validate(SMALL), [*EXPERIMENTS[name], fraction])
    return experiment, held_out(examples, HELD_OUT, experiment.seed)


# That whitening is fitted to the training set alone is tried on small images in test_whitening; here it takes long.
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name == "ZCA" else name for name in EXPERIMENTS]
)
def test_training_is_the_same_whatever_is_in_the_other_sets(name: str, record_property: Record) -> None:
    experiment, examples = held_out_of(made_up_examples(), name)
    trained, measured, state = outcome(experiment, examples)
    other_trained, other_measured, other_state = outcome(experiment, of_garbage(examples))
    assert trained == other_trained
    assert same(state, other_state)
    assert all(one != other for one, other in zip(measured, other_measured, strict=True))  # garbage it was
    record_property("figures", len(trained))


def test_the_plateau_above_lowers_the_rate(record_property: Record) -> None:
    """So that its being the same says something."""
    experiment, examples = held_out_of(made_up_examples(), "plateau")
    training = Training(experiment, examples, CPU)
    rates = [event.lr for event in train(training) if isinstance(event, EpochMeasured)]
    assert len(set(rates)) > 1
    record_property("rates", len(set(rates)))
