from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from tests.spec.shipped import NETWORKS
from tests.spec.torch_layers import modules, outputs
from tp1tui.spec.arithmetic import (
    layer_table,
    total_multiply_adds,
    total_parameters,
    window_output,
    window_output_ceil,
)
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.layers import AvgPool, BatchNorm, Conv, Dropout, Flatten, Layer, Linear, MaxPool, Relu

WINDOW = {
    "size": st.integers(1, 40),
    "kernel": st.integers(1, 9),
    "stride": st.integers(1, 5),
}


def variants(experiment: Experiment) -> list[Experiment]:
    """An experiment with its crops and its batch normalization on and off, as far as it has them."""
    found = [experiment]
    for switch in ("augmentation", "batchnorm"):
        for experiment in tuple(found):
            try:
                found.append(experiment.flipped(switch))
            except ValueError:
                continue
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_every_preset_s_layer_table_agrees_with_torch(name: str) -> None:
    for experiment in variants(NETWORKS[name]):
        rows = experiment.layer_table()
        made = modules(experiment.layers, experiment.input_shape)
        assert [row.output for row in rows] == outputs(made, experiment.input_shape)
        assert [row.input for row in rows] == [experiment.input_shape, *(row.output for row in rows[:-1])]
        learned = [sum(weights.numel() for weights in module.parameters()) for module in made]
        assert [row.parameters for row in rows] == learned
        assert sum(row.share for row in rows) == pytest.approx(100)


@pytest.mark.parametrize("name", NETWORKS)
def test_multiply_adds_are_half_of_torch_s_operations(name: str) -> None:
    experiment = NETWORKS[name]
    rows = [row for row in experiment.layer_table() if row.kind in ("conv", "linear")]
    network = nn.Sequential(*modules(experiment.layers, experiment.input_shape))
    with FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, *experiment.input_shape))
    assert 2 * total_multiply_adds(tuple(rows)) == counter.get_total_flops()


@pytest.mark.parametrize("crop", [32, 28])
def test_the_subject_s_network_leaves_its_last_pooling_as_4x4_whole_or_cropped(baseline: Experiment, crop: int) -> None:
    rows = {row.name: row for row in layer_table(baseline.layers, (3, crop, crop))}
    assert rows["pool3"].output == (64, 4, 4)
    assert rows["fc5"].output == (10,)


def test_the_subject_s_network_has_the_subject_s_parameters(baseline: Experiment) -> None:
    rows = baseline.layer_table()
    learned = {row.name: row.parameters for row in rows if row.parameters}
    assert learned == {"conv1": 2_432, "conv2": 51_264, "conv3": 102_464, "fc4": 1_025_000, "fc5": 10_010}
    assert total_parameters(rows) == 1_191_170


def test_the_circles_network_of_the_subject_s_figure_has_22_parameters(circles: Experiment) -> None:
    assert total_parameters(with_changes(circles, ["model.layers.hidden.features=4"]).layer_table()) == 22


def test_batch_normalization_adds_a_scale_and_a_shift_a_channel(baseline: Experiment) -> None:
    assert total_parameters(baseline.flipped("batchnorm").layer_table()) == 1_191_170 + 2 * (32 + 64 + 64)


@given(**WINDOW, padding=st.integers(0, 9))
def test_a_convolution_s_output_size_is_torch_s(size: int, kernel: int, stride: int, padding: int) -> None:
    assume(kernel <= size + 2 * padding)
    convolved = nn.Conv1d(1, 1, kernel, stride, padding)(torch.zeros(1, 1, size))
    assert window_output(size, kernel, stride, padding) == convolved.shape[2]


@given(**WINDOW, data=st.data(), ceil=st.booleans())
def test_a_pooling_s_output_size_is_torch_s(
    size: int, kernel: int, stride: int, data: st.DataObject, ceil: bool
) -> None:
    padding = data.draw(st.integers(0, kernel // 2))
    assume(kernel <= size + 2 * padding)
    pooled = nn.MaxPool1d(kernel, stride, padding, ceil_mode=ceil)(torch.zeros(1, 1, size))
    along = window_output_ceil if ceil else window_output
    assert along(size, kernel, stride, padding) == pooled.shape[2]


def test_vgg16_s_first_two_convolutions_see_3_and_5_pixels() -> None:
    rows = layer_table(tuple(Conv(filters=64, kernel=3, padding=1) for _ in range(2)), (3, 224, 224))
    assert [row.receptive_field for row in rows] == [3, 5]


@given(
    windows=st.lists(
        st.tuples(st.sampled_from(["conv", "maxpool", "avgpool"]), st.integers(1, 4), st.integers(1, 3)),
        min_size=1,
        max_size=4,
    )
)
def test_a_receptive_field_is_as_wide_as_the_gradient_reaches(windows: list[tuple[str, int, int]]) -> None:
    """Along one axis, with means in place of maxima and weights of 1, so that every pixel in reach has a gradient."""
    size = 400
    row = torch.ones(1, 1, size, dtype=torch.float64, requires_grad=True)
    layers: list[Layer] = []
    seen = row
    for kind, kernel, stride in windows:
        if kind == "conv":
            layers.append(Conv(filters=1, kernel=kernel, stride=stride))
            seen = nn.functional.conv1d(seen, torch.ones(1, 1, kernel, dtype=torch.float64), stride=stride)
        else:
            pool = MaxPool if kind == "maxpool" else AvgPool
            layers.append(pool(kernel=kernel, stride=stride))
            seen = nn.functional.avg_pool1d(seen, kernel, stride)
    seen[0, 0, seen.shape[2] // 2].backward()
    assert row.grad is not None
    reached = row.grad[0, 0].nonzero()
    assert layer_table(tuple(layers), (1, size, size))[-1].receptive_field == reached.max() - reached.min() + 1


def test_after_an_affine_map_no_receptive_field_is_told() -> None:
    rows = layer_table((Conv(filters=1, kernel=3), Relu(), Flatten(), Linear(features=2), Relu()), (1, 5, 5))
    assert [row.receptive_field for row in rows] == [3, 3, 3, None, None]


def test_a_pooling_s_stride_is_its_kernel_unless_it_is_given() -> None:
    rows = layer_table((MaxPool(kernel=3), AvgPool(kernel=3, stride=1)), (1, 9, 9))
    assert [row.output for row in rows] == [(1, 3, 3), (1, 1, 1)]


def test_the_only_window_with_shares_and_none_learned_shares_nothing() -> None:
    assert [row.share for row in layer_table((Relu(), Dropout()), (4,))] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("layers", "shape", "sentence"),
    [
        (
            (Linear(features=3),),
            (1, 8, 8),
            "layer linear1 takes a vector, but its input is 1x8x8; put a flatten layer before it",
        ),
        (
            (Flatten(), Conv(name="late", filters=1, kernel=1)),
            (1, 8, 8),
            "layer late takes an image, but its input is a vector of 64",
        ),
        (
            (MaxPool(kernel=2), Conv(filters=1, kernel=7, padding=1)),
            (1, 8, 8),
            "layer conv2 has a kernel of 7, which does not fit in its input of 4x4 pixels",
        ),
        (
            (AvgPool(name="p", kernel=3, padding=2),),
            (1, 8, 8),
            "layer p has a padding of 2, which is more than half its kernel of 3",
        ),
    ],
)
def test_a_layer_that_does_not_fit_is_named(layers: tuple[Layer, ...], shape: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        layer_table(layers, shape)


def test_layers_without_names_are_called_the_same_whether_or_not_batch_normalization_is_built(
    baseline: Experiment,
) -> None:
    layers = (Flatten(), Linear(features=4), BatchNorm(), Relu(), Linear(features=10))
    off = baseline.model_copy(update={"model": baseline.model.model_copy(update={"layers": layers})})
    on = off.flipped("batchnorm")
    assert [row.name for row in off.layer_table()] == ["flatten1", "linear2", "relu4", "linear5"]
    assert [row.name for row in on.layer_table()] == ["flatten1", "linear2", "batchnorm3", "relu4", "linear5"]
