"""A look at a network between two steps of its training, after which all is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from tp1tui.engine.training import Training


def logits_aside(training: Training, inputs: Tensor) -> Tensor:
    """What the network says of inputs now, in evaluation mode, float32 [B, K] on its device.

    Modes of layers and random states are afterwards what they were before, so a run that is looked at gives bit for bit
    the figures of one that is not.

    Args:
        training: Between two steps.
        inputs: As the network gets them, on its device.
    """
    with _as_it_was(training.model, training.device), training.precision():
        logits: Tensor = training.model(inputs)
    return logits.float()


@contextmanager
def _as_it_was(model: nn.Module, device: torch.device) -> Iterator[None]:
    modes = [(module, module.training) for module in model.modules()]
    devices = [device] if device.type == "cuda" else []
    with torch.no_grad(), torch.random.fork_rng(devices):
        model.eval()
        try:
            yield
        finally:
            for module, mode in modes:
                module.training = mode
