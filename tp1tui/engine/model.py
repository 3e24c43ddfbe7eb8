"""From a model's spec to a torch network."""

from __future__ import annotations

from collections import OrderedDict
from typing import Literal

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from tp1tui.data.seeds import seed_for
from tp1tui.engine.timm_transformer import build_timm
from tp1tui.engine.transformer import Transformer
from tp1tui.spec.arithmetic import LayerRow
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.layers import (
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Identity,
    Layer,
    Linear,
    MaxPool,
    Relu,
    Sigmoid,
    Tanh,
)
from tp1tui.spec.model import LayeredModel, NormalInit
from tp1tui.spec.timm_transformer import TimmTransformer
from tp1tui.spec.transformer import VisionTransformer

Layout = Literal["channels-last", "channels-first"]
"""How images lie in memory: each pixel's channels side by side, or each channel by itself. Shapes are the same."""


def build(experiment: Experiment) -> nn.Module:
    """The experiment's network on the CPU, its weights drawn from the experiment's seed.

    Raises:
        NetworkError: It needs an extra that is not installed.
    """
    torch.manual_seed(seed_for(experiment.seed, 0, "weights"))
    match experiment.model:
        case LayeredModel():
            return _layered(experiment, experiment.model)
        case VisionTransformer():
            return Transformer(experiment.model, experiment.input_shape, len(experiment.facts.class_names))
        case TimmTransformer():
            return build_timm(experiment.model, experiment.input_shape, len(experiment.facts.class_names))


def set_dropout(model: nn.Module, p: float) -> None:
    """Give every dropout layer the probability p; with 0 it does nothing and draws nothing."""
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = p


def pool_first(network: nn.Module) -> nn.Module:
    """Let each ReLU of a layered network follow the max-pool that stands behind it, where there is less to do.

    Outputs and gradients stay the same to the last bit. A window's largest number is the same whether the others below
    0 became 0 before or after it was found; and its gradient goes to the same place, or nowhere where none is above 0.

    Args:
        network: As its layer table has it.

    Returns:
        The same modules under the same names in the new order; the network itself where no order can be changed.
    """
    if not isinstance(network, nn.Sequential):
        return network
    layers = list(network.named_children())
    for place in range(len(layers) - 1):
        (_, first), (_, second) = layers[place : place + 2]
        if isinstance(first, nn.ReLU) and isinstance(second, nn.MaxPool2d):
            layers[place : place + 2] = reversed(layers[place : place + 2])
    return nn.Sequential(OrderedDict(layers))


def has_convolution(model: nn.Module) -> bool:
    """Whether channels-last memory can help this network; a transformer's one convolution is a product of matrices."""
    return isinstance(model, nn.Sequential) and any(isinstance(module, nn.Conv2d) for module in model.modules())


def lay_out(model: nn.Module, layout: Layout) -> RemovableHandle | None:
    """Let a convnet work in a layout; its inputs come with their channels last.

    Returns:
        What lays its inputs out anew, to be removed before the next change; None where nothing need be done.
    """
    if layout == "channels-last":
        model.to(memory_format=torch.channels_last)
        return None
    model.to(memory_format=torch.contiguous_format)
    return model.register_forward_pre_hook(_channels_first)


def _channels_first(_model: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(each.contiguous() for each in inputs)


def _layered(experiment: Experiment, spec: LayeredModel) -> nn.Sequential:
    """A network that is its layers, one after the other.

    Modules bear the names of the layer table. Input sizes come from the layer arithmetic, so the two cannot differ.
    """
    rows = experiment.layer_table()
    modules = OrderedDict(
        (row.name, _module(layer, row, experiment)) for layer, row in zip(experiment.layers, rows, strict=True)
    )
    model = nn.Sequential(modules)
    if isinstance(spec.init, NormalInit):
        _draw_normal(model, spec.init.std)
    return model


def _module(layer: Layer, row: LayerRow, experiment: Experiment) -> nn.Module:
    channels = row.input[0]
    match layer:
        case Conv():
            return nn.Conv2d(channels, layer.filters, layer.kernel, layer.stride, layer.padding, bias=layer.bias)
        case Linear():
            return nn.Linear(channels, layer.features, bias=layer.bias)
        case MaxPool():
            return nn.MaxPool2d(layer.kernel, layer.stride, layer.padding, ceil_mode=layer.ceil)
        case AvgPool():
            return nn.AvgPool2d(layer.kernel, layer.stride, layer.padding, ceil_mode=layer.ceil)
        case BatchNorm():
            return nn.BatchNorm2d(channels) if len(row.input) == 3 else nn.BatchNorm1d(channels)
        case Dropout():
            return nn.Dropout(experiment.dropout.p if experiment.dropout.enabled else 0.0)
        case Flatten():
            return nn.Flatten()
        case Relu():
            return nn.ReLU()
        case Tanh():
            return nn.Tanh()
        case Sigmoid():
            return nn.Sigmoid()
        case Identity():
            return nn.Identity()


def _draw_normal(model: nn.Module, std: float) -> None:
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.normal_(module.weight, 0.0, std)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
