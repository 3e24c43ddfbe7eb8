"""Which units still answer: ReLU units that give 0 to everything learn nothing more.

Measured beside the training, now and then, on a handful of examples; the steps themselves know nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from tp1tui.engine.training import Training
from tp1tui.spec.experiment import Experiment

EXAMPLES = 256
"""Enough that a unit which answers to one example in fifty is hardly ever taken for dead (0.6 %), and few enough to
cost a six-hundredth of an epoch of CIFAR-10."""
FORWARD = 3
"""A forward and backward pass take about three times a forward pass."""
SHARE = 100
"""An epoch may take a hundredth longer."""


def measured_every(experiment: Experiment) -> int:
    """Epochs from one measurement to the next, so that all together take at most a hundredth of the training's time.

    1 for thousands of training examples, more for hundreds.
    """
    train = experiment.sizes[0]
    return max(1, -(-SHARE * min(EXAMPLES, train) // (FORWARD * train)))


@torch.no_grad()
def dead_relus(training: Training) -> dict[str, float]:
    """Share of each ReLU layer's units, in percent, that answer 0 to each of the first training examples.

    In a convolution a unit is a channel: dead when it is 0 at every place of every image. Call it between two epochs;
    the network is left in evaluation mode, and nothing random is drawn.

    Args:
        training: Its network and its data.

    Returns:
        By the layer's name, in the network's order; empty for a network without ReLUs.
    """
    dead: dict[str, float] = {}
    layers = [(name, module) for name, module in training.model.named_modules() if isinstance(module, nn.ReLU)]
    if not layers:
        return dead
    hooks = [module.register_forward_hook(partial(_note, dead.__setitem__, name)) for name, module in layers]
    try:
        training.model.eval()
        inputs, _ = training.data.measuring_batch(training.data.train, 0, EXAMPLES)
        with training.precision():
            training.model(inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return dead


def _note(put: Callable[[str, float], None], name: str, _: nn.Module, __: tuple[Tensor, ...], answers: Tensor) -> None:
    """Count the units that are never above 0; answers: [B, F] or [B, C, H, W]."""
    others = [axis for axis in range(answers.dim()) if axis != 1]
    put(name, 100.0 * (answers.amax(others) <= 0).double().mean().item())
