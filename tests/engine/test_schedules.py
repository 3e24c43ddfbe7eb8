"""Every schedule against torch's, and what a run makes of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.optim import Optimizer
from torch.optim import lr_scheduler as torch_s

from tests.engine.conftest import SMALL
from tp1tui.data.arrays import Examples
from tp1tui.engine.loop import EpochMeasured, StepDone, train
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.schedule import learning_rate, rates_of_epoch

CPU = torch.device("cpu")
EPOCHS = 12
Scheduler = Callable[[Optimizer], torch_s.LRScheduler]

BY_EPOCH: dict[str, Scheduler] = {
    "{kind='constant'}": lambda optimizer: torch_s.ConstantLR(optimizer, 1.0),
    "{kind='exponential', gamma=0.95}": lambda optimizer: torch_s.ExponentialLR(optimizer, 0.95),
    "{kind='step', every=5}": lambda optimizer: torch_s.StepLR(optimizer, 5),
    "{kind='step', every=1, gamma=0.5}": lambda optimizer: torch_s.StepLR(optimizer, 1, 0.5),
    "{kind='multi-step', milestones=[2, 3, 9], gamma=0.3}": lambda optimizer: torch_s.MultiStepLR(
        optimizer, [2, 3, 9], 0.3
    ),
    "{kind='cosine'}": lambda optimizer: torch_s.CosineAnnealingLR(optimizer, EPOCHS),
    "{kind='warm-restarts', period=4}": lambda optimizer: torch_s.CosineAnnealingWarmRestarts(optimizer, 4),
    "{kind='warm-restarts', period=2, multiplier=2, lowest=0.001}": (
        lambda optimizer: torch_s.CosineAnnealingWarmRestarts(optimizer, 2, 2, 0.001)
    ),
}
BY_STEP: dict[str, Scheduler] = {
    "{kind='one-cycle'}": lambda optimizer: torch_s.OneCycleLR(optimizer, 0.05, EPOCHS * 4, cycle_momentum=False),
    "{kind='one-cycle', peak=0.45, div_factor=10, final_div_factor=100}": lambda optimizer: torch_s.OneCycleLR(
        optimizer, 0.05, EPOCHS * 4, pct_start=0.45, div_factor=10, final_div_factor=100, cycle_momentum=False
    ),
    "{kind='constant', warmup_epochs=1.5, warmup_start=0.2}": lambda optimizer: torch_s.LinearLR(
        optimizer, 0.2, 1.0, 6
    ),
}


def of(setting: str) -> Experiment:
    """An experiment of `EPOCHS` epochs of 4 steps, its learning rate 0.05."""
    return with_changes(Experiment.model_validate(SMALL), [f"schedule={setting}", f"epochs={EPOCHS}"])


def rates(experiment: Experiment, losses: list[float]) -> list[float]:
    """Of every step of the run."""
    return [rate for epoch in range(1, EPOCHS + 1) for rate in rates_of_epoch(experiment, epoch, losses[: epoch - 1])]


def torch_rates(make: Scheduler, count: int) -> Iterator[float]:
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.05, momentum=0.9)
    scheduler = make(optimizer)
    for number in range(count):
        yield optimizer.param_groups[0]["lr"]
        optimizer.step()
        if number < count - 1:
            scheduler.step()


@pytest.mark.parametrize("setting", BY_EPOCH)
def test_schedules_by_epochs_are_torch_s(setting: str) -> None:
    expected = [rate for rate in torch_rates(BY_EPOCH[setting], EPOCHS) for _ in range(4)]
    assert rates(of(setting), []) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("setting", BY_STEP)
def test_schedules_by_steps_are_torch_s(setting: str) -> None:
    assert rates(of(setting), []) == pytest.approx(list(torch_rates(BY_STEP[setting], EPOCHS * 4)), abs=1e-12)


@given(
    st.lists(
        st.one_of(st.sampled_from([1.0, 0.9, 0.5]), st.floats(0, 3), st.just(math.nan), st.just(math.inf)),
        min_size=EPOCHS,
        max_size=EPOCHS,
    ),
    st.integers(0, 4),
    st.sampled_from([0.0, 1e-4, 0.2]),
)
def test_a_plateau_is_torch_s(losses: list[float], patience: int, threshold: float) -> None:
    experiment = of(f"{{kind='plateau', factor=0.5, patience={patience}, threshold={threshold}}}")
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.05)
    scheduler = torch_s.ReduceLROnPlateau(optimizer, factor=0.5, patience=patience, threshold=threshold, eps=0)
    for epoch in range(1, EPOCHS + 1):
        expected = optimizer.param_groups[0]["lr"]
        assert rates_of_epoch(experiment, epoch, losses[: epoch - 1]) == pytest.approx([expected] * 4)
        assert learning_rate(experiment, 4 * epoch, losses) == pytest.approx(expected)
        scheduler.step(losses[epoch - 1])


@pytest.mark.parametrize("setting", [*BY_EPOCH, *BY_STEP, "{kind='exponential', gamma=0.9, warmup_epochs=2.5}"])
def test_an_epoch_s_rates_are_those_of_its_steps(setting: str) -> None:
    experiment = of(setting)
    assert rates(experiment, []) == [learning_rate(experiment, step) for step in range(1, EPOCHS * 4 + 1)]


def test_warm_up_scales_the_schedule_that_follows_it() -> None:
    plain, warmed = of("{kind='cosine'}"), of("{kind='cosine', warmup_epochs=2.5, warmup_start=0.5}")
    ratios = [warm / cold for warm, cold in zip(rates(warmed, []), rates(plain, []), strict=True)]
    assert ratios[:10] == pytest.approx([0.5 + 0.05 * step for step in range(10)])
    assert set(ratios[10:]) == {1.0}


@pytest.mark.parametrize("setting", BY_STEP)
def test_every_step_is_made_with_its_learning_rate(setting: str, examples: Examples) -> None:
    experiment = with_changes(of(setting), ["epochs=3"])
    training = Training(experiment, examples, CPU)
    used, told = [], []
    for event in train(training):
        if isinstance(event, StepDone):
            used.append(training.implementation.optimizer.param_groups[0]["lr"])
        if isinstance(event, EpochMeasured):
            told.append(event.lr)
    assert used == [learning_rate(experiment, step) for step in range(1, 13)]
    assert told == [used[0], used[3], used[7], used[11]]


def test_a_plateau_goes_by_the_training_losses_and_a_resume_remembers_them(
    small: Experiment, examples: Examples
) -> None:
    """Steps far too small to count as progress, so patience runs out."""
    changes = ["epochs=7", "optimizer.lr=1e-9", "schedule={kind='plateau', patience=1, factor=0.5}"]
    experiment = with_changes(small, changes)
    training = Training(experiment, examples, CPU)
    expected = [event for event in train(training) if isinstance(event, EpochMeasured)]
    assert [event.lr * 1e9 for event in expected[1:]] == pytest.approx([1, 1, 1, 0.5, 0.5, 0.25, 0.25])
    assert training.train_losses == [event.train.loss for event in expected[1:]]

    before = Training(experiment, examples, CPU)
    list(itertools.takewhile(lambda event: event != StepDone(14), train(before)))
    after = Training(experiment, examples, CPU)
    after.restore(before.state())
    assert [event for event in train(after) if isinstance(event, EpochMeasured)] == expected[4:]
