from __future__ import annotations

import pytest
import torch
from torch import nn

from tp1tui.data.arrays import Examples
from tp1tui.engine.activity import dead_relus, measured_every
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment


@pytest.fixture
def training(everything_on: Experiment, examples: Examples) -> Training:
    return Training(everything_on, examples, torch.device("cpu"))


def normalization(training: Training) -> nn.BatchNorm2d:
    layer = training.model.get_submodule("bn1")
    assert isinstance(layer, nn.BatchNorm2d)
    return layer


def test_a_channel_that_is_never_above_zero_is_dead(training: Training) -> None:
    assert dead_relus(training) == {"relu1": 0.0}
    with torch.no_grad():
        normalization(training).bias[:3] = -1000.0
    assert dead_relus(training) == {"relu1": 75.0}


def test_one_answer_in_one_place_of_one_image_is_life(small: Experiment, examples: Examples) -> None:
    training = Training(small, examples, torch.device("cpu"))
    images = training.data.train.inputs
    images.zero_()
    images[7, 10, 10] = 255
    with torch.no_grad():
        convolution = training.model.get_submodule("conv1")
        assert isinstance(convolution, nn.Conv2d)
        convolution.weight.abs_()
        assert convolution.bias is not None
        convolution.bias.fill_(-0.01)
    assert dead_relus(training) == {"relu1": 0.0}
    images.zero_()
    assert dead_relus(training) == {"relu1": 100.0}


def test_measuring_draws_nothing_and_changes_nothing(training: Training) -> None:
    before = {name: value.clone() for name, value in training.model.state_dict().items()}
    drawn = torch.get_rng_state()
    dead_relus(training)
    assert torch.equal(torch.get_rng_state(), drawn)
    assert all(torch.equal(value, before[name]) for name, value in training.model.state_dict().items())
    assert not any(module._forward_hooks for module in training.model.modules())


def test_a_network_without_relus_has_none_that_are_dead(small: Experiment, examples: Examples) -> None:
    tanh = with_changes(small, ["model.layers.relu1={kind='tanh', name='tanh1'}"])
    assert dead_relus(Training(tanh, examples, torch.device("cpu"))) == {}


@pytest.mark.parametrize(("train", "every"), [(50_000, 1), (9_000, 1), (1_000, 9), (200, 34)])
def test_counting_takes_a_hundredth_of_the_time_at_most(small: Experiment, train: int, every: int) -> None:
    experiment = with_changes(small, [f"dataset.train_examples={train}"])
    assert measured_every(experiment) == every
    passes = min(256, train) / every
    assert passes <= 0.01 * 3 * train
