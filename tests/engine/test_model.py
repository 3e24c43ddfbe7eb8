from __future__ import annotations

from collections import OrderedDict
from functools import partial

import hypothesis
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import nn

from tp1tui import settings
from tp1tui.engine.model import build, pool_first
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.layers import MaxPool
from tp1tui.spec.preset_files import PresetLibrary

LIBRARY = PresetLibrary(settings.preset_dirs())


EXPERIMENTS = {
    file.id: experiment for file in LIBRARY.all() if (experiment := LIBRARY.load(file).experiment) and experiment.layers
}
"""Of every preset whose network is a list of layers."""


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_preset_s_network_has_the_sizes_of_its_layer_table(experiment: Experiment) -> None:
    model = build(experiment).eval()
    activations = torch.zeros(1, *experiment.input_shape)
    for row, (name, module) in zip(experiment.layer_table(), model.named_children(), strict=True):
        activations = module(activations)
        assert (row.name, row.output) == (name, tuple(activations.shape[1:]))
        assert row.parameters == sum(parameter.numel() for parameter in module.parameters())


def test_batch_normalization_off_is_not_built(small: Experiment) -> None:
    assert not any(isinstance(module, nn.BatchNorm2d) for module in build(small))
    on = build(with_changes(small, ["batchnorm.enabled=true"]))
    assert sum(isinstance(module, nn.BatchNorm2d) for module in on) == 1


def test_the_same_seed_draws_the_same_weights(small: Experiment) -> None:
    one, again = build(small), build(small)
    assert all(torch.equal(left, right) for left, right in zip(one.parameters(), again.parameters(), strict=True))


def test_the_subject_s_weights_are_normal_and_its_biases_zero(small: Experiment) -> None:
    model = build(with_changes(small, ["model.init={kind='normal', std=0.3}", "model.layers.fc.features=10"]))
    weights = model.get_submodule("fc").weight
    assert isinstance(weights, torch.Tensor)
    assert weights.std().item() == pytest.approx(0.3, rel=0.1)
    assert weights.mean().item() == pytest.approx(0, abs=0.05)
    biases = [module.bias for module in model if isinstance(module, nn.Conv2d | nn.Linear)]
    assert all(bool((bias == 0).all()) for bias in biases)


@pytest.mark.parametrize("before", ["tanh", "sigmoid", "relu", "dropout"])
def test_a_relu_may_follow_any_activation(small: Experiment, before: str) -> None:
    layers = [layer.model_dump() for layer in small.model.layers]
    layers.insert(1, {"kind": before, "name": "before"})
    layers.insert(2, {"kind": "relu", "name": "after"})
    page = {**small.model_dump(), "model": {"layers": layers}}
    model = build(Experiment.model_validate(page))
    model(torch.randn(2, 3, 32, 32)).sum().backward()
    weight = model.get_submodule("conv1").weight
    assert isinstance(weight, torch.Tensor)
    assert weight.grad is not None


POOLS = st.builds(
    partial(MaxPool, kind="maxpool"),
    kernel=st.integers(2, 3),
    stride=st.integers(1, 3),
    padding=st.integers(0, 1),
    ceil=st.booleans(),
)


@hypothesis.settings(deadline=None)
@given(POOLS, arrays(np.int8, (2, 3, 9, 9), elements=st.integers(-2, 2)), st.integers(0, 1000))
def test_pooled_first_it_is_the_same_network_to_the_last_bit(pool: MaxPool, values: np.ndarray, seed: int) -> None:
    """Few different numbers, so that a window's largest stands there twice, or is 0, or is below."""
    torch.manual_seed(seed)
    written = nn.Sequential(
        OrderedDict(
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(pool.kernel, pool.stride, pool.padding, ceil_mode=pool.ceil),
            tanh2=nn.Tanh(),
            pool2=nn.MaxPool2d(2, 1),
        )
    )
    found = []
    for network in (written, pool_first(written)):
        inputs = torch.tensor(values, dtype=torch.float32, requires_grad=True)
        outputs = network(inputs)
        torch.manual_seed(seed)
        outputs.backward(torch.randn_like(outputs))
        found.append((outputs.detach(), inputs.grad))
    assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))


def test_only_a_relu_before_a_max_pool_changes_places_and_names_stay() -> None:
    experiment = EXPERIMENTS["cd18-baseline"]
    written = build(experiment)
    names = [name for name, _ in pool_first(written).named_children()]
    assert names[:3] == ["conv1", "pool1", "relu1"]
    assert names[9:] == [name for name, _ in written.named_children()][9:]
    assert pool_first(written).state_dict().keys() == written.state_dict().keys()
