"""A trained network with its dense layers made convolutions, weights and all (question cd05)."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import nn

from tp1tui.engine.training import Training
from tp1tui.spec.as_convolutions import as_convolutions
from tp1tui.spec.layers import Conv, Layer


def convolutional(training: Training) -> nn.Sequential:
    """The trained network as one that takes images of any size from its own up, in evaluation mode.

    Returns:
        From float32 [B, C, H, W] to scores [B, K, h, w]; at the training size h = w = 1 and the scores are the dense
        network's. Weights of what stays as it is are shared with it.
    """
    layers = as_convolutions(training.experiment.layers, training.experiment.input_shape)
    modules = OrderedDict((str(layer.name), _module(layer, training.model)) for layer in layers)
    return nn.Sequential(modules).to(training.device).eval()


def _module(layer: Layer, model: nn.Module) -> nn.Module:
    dense = model.get_submodule(str(layer.name))
    match dense:
        case nn.Linear() if isinstance(layer, Conv):
            return _convolution(dense, layer.kernel)
        case nn.BatchNorm1d():
            norm = nn.BatchNorm2d(dense.num_features, dense.eps)
            norm.load_state_dict(dense.state_dict())
            return norm
    return dense


def _convolution(dense: nn.Linear, kernel: int) -> nn.Conv2d:
    """A dense layer's weights, laid over a map of `kernel` x `kernel` places: flatten's order is (C, H, W)."""
    channels = dense.in_features // kernel**2
    made = nn.Conv2d(channels, dense.out_features, kernel, bias=dense.bias is not None)
    with torch.no_grad():
        made.weight.copy_(dense.weight.view(dense.out_features, channels, kernel, kernel))
        if made.bias is not None:
            made.bias.copy_(dense.bias)
    return made
