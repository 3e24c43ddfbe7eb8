"""Layer specs as torch modules, written apart from the engine's builder so that the two can be held against it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from tp1tui.spec.layers import AvgPool, BatchNorm, Conv, Layer, Linear, MaxPool

PLAIN: dict[str, type[nn.Module]] = {
    "flatten": nn.Flatten,
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "identity": nn.Identity,
    "dropout": nn.Dropout,
}


def modules(layers: Sequence[Layer], shape: tuple[int, ...]) -> list[nn.Module]:
    """One module a layer, each sized by running a zero example through those before it."""
    example = torch.zeros(1, *shape)
    made: list[nn.Module] = []
    for layer in layers:
        module = _module(layer, example).eval()
        example = module(example)
        made.append(module)
    return made


def outputs(made: Sequence[nn.Module], shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The size of each module's output for one zero example."""
    example, sizes = torch.zeros(1, *shape), []
    for module in made:
        example = module(example)
        sizes.append(tuple(example.shape[1:]))
    return sizes


def _module(layer: Layer, example: torch.Tensor) -> nn.Module:
    channels = example.shape[1]
    if isinstance(layer, Conv):
        return nn.Conv2d(
            channels, layer.filters, layer.kernel, stride=layer.stride, padding=layer.padding, bias=layer.bias
        )
    if isinstance(layer, Linear):
        return nn.Linear(channels, layer.features, bias=layer.bias)
    if isinstance(layer, MaxPool | AvgPool):
        pool = nn.MaxPool2d if isinstance(layer, MaxPool) else nn.AvgPool2d
        return pool(layer.kernel, stride=layer.stride, padding=layer.padding, ceil_mode=layer.ceil)
    if isinstance(layer, BatchNorm):
        return nn.BatchNorm2d(channels) if example.dim() == 4 else nn.BatchNorm1d(channels)
    return PLAIN[layer.kind]()
