"""From the optimizer's and the loss's spec to torch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from inspect import signature

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tp1tui.engine.muon import SHARE, MuonAndAdamW
from tp1tui.spec.optimizer import CrossEntropy, Hinge, Loss, Muon, Optimizer, SquaredError

LossFunction = Callable[[Tensor, Tensor], Tensor]
"""(logits float [B, K], targets) to the mean loss of the batch, a scalar.

Targets are classes int64 [B], or soft labels float32 [B, K] whose rows sum to 1 (mixup, cutmix; not for `hinge`)."""

BuiltOptimizer = torch.optim.Optimizer | MuonAndAdamW

_KINDS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad,
}
"""Their arguments bear the names of the specs' fields."""


def build_optimizer(spec: Optimizer, parameters: Iterable[nn.Parameter]) -> BuiltOptimizer:
    """An optimizer that updates all parameters in one fused kernel a step, or in a few where torch has none.

    Args:
        spec: Which.
        parameters: On the device on which they are trained.

    Raises:
        OptimizerError: This torch lacks it.
    """
    if isinstance(spec, Muon):
        return MuonAndAdamW(spec, parameters)
    parameters = list(parameters)
    kind = _KINDS[spec.kind]
    return kind(parameters, **spec.model_dump(exclude={"kind"}), **_fastest(kind, parameters[0].device))


def set_learning_rate(optimizer: BuiltOptimizer, lr: float) -> None:
    """Give every parameter the learning rate, or the share of it that its group has."""
    for group in optimizer.param_groups:
        group["lr"] = lr * group[SHARE] if SHARE in group else lr


def _fastest(kind: Callable[..., torch.optim.Optimizer], device: torch.device) -> dict[str, bool]:
    """How torch is asked for its fastest kernels: tried on one number, since what there is differs by device."""
    if "fused" in signature(kind).parameters:
        probe = nn.Parameter(torch.zeros((), device=device))
        probe.grad = torch.zeros_like(probe)
        with suppress(RuntimeError):  # torch's way to say that there is no such kernel
            kind([probe], lr=1.0, fused=True).step()
            return {"fused": True}
    return {"foreach": True}


def build_loss(spec: Loss) -> LossFunction:
    """The function that the optimizer descends."""
    match spec:
        case CrossEntropy():
            return F.cross_entropy
        case SquaredError():
            return squared_error
        case Hinge():
            return hinge


def squared_error(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over batch and classes of (softmax(logits) - target) squared, classes as one-hot targets (question ab08)."""
    wanted = targets if targets.is_floating_point() else F.one_hot(targets, logits.shape[1])
    probabilities = logits.float().softmax(1)  # bf16 would round the shares of soft labels
    return F.mse_loss(probabilities, wanted.float())


def hinge(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over batch and classes of max(0, 1 - (the target's score - the other's)); targets int64 [B] only."""
    return F.multi_margin_loss(logits.float(), targets)
