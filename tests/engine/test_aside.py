"""A network that is looked at between two steps goes on as if nobody had looked."""

from __future__ import annotations

import torch

from tp1tui.data.arrays import Examples
from tp1tui.engine.aside import logits_aside
from tp1tui.engine.loop import StepDone, train
from tp1tui.engine.training import Training
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")


def losses(experiment: Experiment, examples: Examples, *, looking: bool) -> list[float]:
    torch.manual_seed(0)
    training = Training(experiment, examples, CPU)
    inputs, _ = training.data.measuring_batch(training.data.test, 0, 3)
    for event in train(training):
        if looking and isinstance(event, StepDone):
            logits_aside(training, inputs)
    return training.train_losses


def test_looking_changes_no_figure(everything_on: Experiment, examples: Examples) -> None:
    assert losses(everything_on, examples, looking=True) == losses(everything_on, examples, looking=False)


def test_modes_and_random_states_are_as_before_and_no_dropout_is_seen(
    everything_on: Experiment, examples: Examples
) -> None:
    training = Training(everything_on, examples, CPU)
    training.model.train()
    training.model[0].eval()
    modes = [module.training for module in training.model.modules()]
    state = torch.get_rng_state()
    inputs, _ = training.data.measuring_batch(training.data.test, 0, 3)
    one, other = (logits_aside(training, inputs) for _ in range(2))
    assert torch.equal(one, other)
    assert not one.requires_grad
    assert [module.training for module in training.model.modules()] == modes
    assert torch.equal(torch.get_rng_state(), state)
