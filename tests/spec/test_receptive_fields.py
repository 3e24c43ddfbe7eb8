from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from tests.spec.shipped import SHIPPED
from tp1tui.spec import vgg16
from tp1tui.spec.arithmetic import layer_table
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.layers import AvgPool, Conv, Layer, MaxPool
from tp1tui.spec.receptive_fields import receptive_fields
from tp1tui.spec.results import Table


def baseline() -> Experiment:
    experiment = SHIPPED.load(SHIPPED.find("cd18-baseline")).experiment
    assert experiment is not None
    return experiment


def tables() -> dict[str, Table]:
    return {result.name: result for result in receptive_fields(baseline()) if isinstance(result, Table)}


def windows(layers: tuple[Layer, ...]) -> list[nn.Module]:
    """Each window as one that adds up what it sees, so that no path cancels another."""
    made: list[nn.Module] = []
    for layer in layers:
        if isinstance(layer, Conv):
            conv = nn.Conv2d(1, 1, layer.kernel, layer.stride, layer.padding, bias=False, dtype=torch.float64)
            nn.init.constant_(conv.weight, 1 / layer.kernel**2)
            made.append(conv)
        elif isinstance(layer, MaxPool | AvgPool):
            made.append(nn.AvgPool2d(layer.kernel, layer.stride, layer.padding, ceil_mode=layer.ceil))
    return made


def seen(modules: list[nn.Module], side: int) -> int:
    """Columns of the image that the middle output depends on."""
    image = torch.zeros(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    output: Tensor = image
    for module in modules:
        output = module(output)
    output[0, 0, output.shape[2] // 2, output.shape[3] // 2].backward()
    assert image.grad is not None
    columns = (image.grad[0, 0] != 0).any(0).nonzero()[:, 0]
    assert columns[0] > 0  # else the image is too small to show all of it
    assert columns[-1] < side - 1
    return int(columns[-1] - columns[0]) + 1


@pytest.mark.parametrize("network", ["this network", "VGG16"])
def test_fields_are_the_pixels_that_gradients_reach(network: str) -> None:
    layers = baseline().layers if network == "this network" else vgg16.CONVOLUTIONAL
    side = 96 if network == "this network" else 256
    modules = windows(layers)
    rows = tables()[f"receptive fields of {network}"].rows
    assert len(rows) == len(modules)
    for depth, row in enumerate(rows, start=1):
        assert row[5] == seen(modules[:depth], side)


def test_vgg16_s_first_two_convolutions_see_3_and_5_pixels() -> None:
    rows = tables()["receptive fields of VGG16"].rows
    assert [row[5] for row in rows[:2]] == [3, 5]
    assert (rows[-1][0], rows[-1][5], rows[-1][6]) == ("pool5", 212, 32)


def test_fields_agree_with_the_layer_table_and_with_their_formulas() -> None:
    rows = tables()["receptive fields of this network"].rows
    table = [row.receptive_field for row in baseline().layer_table() if row.kernel is not None]
    assert [row[5] for row in rows] == table == [5, 6, 14, 16, 32, 36]
    for row in rows:
        assert eval(str(row[4]).replace("·", "*")) == row[5]


def test_vgg16_has_the_weights_it_is_known_for() -> None:
    rows = layer_table(vgg16.LAYERS, vgg16.INPUT)
    assert sum(row.parameters for row in rows) == 138_357_544
    assert [row.kind for row in rows].count("conv") == 13
    assert [row.kind for row in rows].count("maxpool") == 5
