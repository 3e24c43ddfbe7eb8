"""From the optimizer's and the loss's spec to torch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from inspect import signature
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tp1tui.engine.muon import SHARE, MuonAndAdamW
from tp1tui.engine.uncompiled import uncompiled
from tp1tui.spec.optimizer import CrossEntropy, Hinge, Loss, Muon, Optimizer, SquaredError

LossFunction = Callable[[Tensor, Tensor], Tensor]
"""(logits float [B, K], targets) to the mean loss of the batch, a scalar.

Targets are classes int64 [B], or soft labels float32 [B, K] whose rows sum to 1 (mixup, cutmix; not for `hinge`)."""

Rate = float | Tensor
"""A learning rate: a number, or a scalar that lies where the parameters do."""

BuiltOptimizer = torch.optim.Optimizer | MuonAndAdamW

_KINDS: dict[str, type[torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad,
}
"""Their arguments bear the names of the specs' fields."""


KERNELS = ("fused", "foreach", "capturable")
"""Keys of a parameter group: how torch is asked to compute, which changes nothing that is computed."""


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
    kind: Callable[..., torch.optim.Optimizer] = uncompiled(_KINDS[spec.kind])
    return kind(parameters, **spec.model_dump(exclude={"kind"}), **_fastest(kind, parameters[0].device))


def set_learning_rate(optimizer: BuiltOptimizer, lr: Rate) -> None:
    """Give every parameter the learning rate, or the share of it that its group has."""
    for group in optimizer.param_groups:
        group["lr"] = lr * group[SHARE] if SHARE in group else lr


def portable_state(optimizer: BuiltOptimizer) -> dict[str, Any]:
    """An optimizer's state as any device can go on with it: learning rates are numbers."""
    state = optimizer.state_dict()
    for group in state.get("param_groups", ()):  # Muon's two never have another
        group["lr"] = float(group["lr"])
    return state


def load_state(optimizer: BuiltOptimizer, state: dict[str, Any]) -> None:
    """Go back to a state, whichever device it comes from: the kernels stay those that are best here."""
    if isinstance(optimizer, MuonAndAdamW):
        optimizer.load_state_dict(state)
        return
    groups = [
        {**saved, **{key: own[key] for key in KERNELS if key in own}}
        for own, saved in zip(optimizer.param_groups, state["param_groups"], strict=True)
    ]
    optimizer.load_state_dict({**state, "param_groups": groups})
    for parameter, remembered in optimizer.state.items():
        remembered.update({name: _laid_out_as(parameter, value) for name, value in remembered.items()})


def _laid_out_as(parameter: Tensor, remembered: Any) -> Any:
    """What an optimizer remembers of each weight, in the memory layout of the weights; anything else as it is.

    Fused kernels go through both side by side. Where a run began on a device that wants another layout, a GPU's would
    refuse to, and a CPU's take one weight's momentum for another's.
    """
    if not isinstance(remembered, Tensor) or remembered.shape != parameter.shape:
        return remembered
    if remembered.stride() == parameter.stride():
        return remembered
    return torch.empty_like(parameter, dtype=remembered.dtype, requires_grad=False).copy_(remembered)


def _fastest(kind: Callable[..., torch.optim.Optimizer], device: torch.device) -> dict[str, bool]:
    """How torch is asked for its fastest kernels: tried on one number, since what there is differs by device."""
    asked = signature(kind).parameters
    # On a GPU, steps may be recorded: then nothing that the step depends on may lie on the CPU.
    recorded = {"capturable": True} if device.type == "cuda" and "capturable" in asked else {}
    if "fused" in asked:
        probe = nn.Parameter(torch.zeros((), device=device))
        probe.grad = torch.zeros_like(probe)
        with suppress(RuntimeError):  # torch's way to say that there is no such kernel
            kind([probe], lr=1.0, fused=True).step()
            return {"fused": True, **recorded}
    return {"foreach": True, **recorded}


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
