"""From the optimizer's and the loss's spec to torch."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tp1tui.spec.optimizer import Adam, AdamW, CrossEntropy, Loss, Optimizer, Sgd, SquaredError

LossFunction = Callable[[Tensor, Tensor], Tensor]
"""(logits float [B, K], targets int64 [B]) to the mean loss of the batch, a scalar."""


def build_optimizer(spec: Optimizer, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """An optimizer that updates all parameters in one fused kernel a step."""
    match spec:
        case Sgd():
            return torch.optim.SGD(
                parameters,
                lr=spec.lr,
                momentum=spec.momentum,
                nesterov=spec.nesterov,
                weight_decay=spec.weight_decay,
                fused=True,
            )
        case Adam():
            return torch.optim.Adam(
                parameters, lr=spec.lr, betas=spec.betas, eps=spec.eps, weight_decay=spec.weight_decay, fused=True
            )
        case AdamW():
            return torch.optim.AdamW(
                parameters, lr=spec.lr, betas=spec.betas, eps=spec.eps, weight_decay=spec.weight_decay, fused=True
            )


def set_learning_rate(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """Give every parameter the same learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = lr


def build_loss(spec: Loss) -> LossFunction:
    """The function that the optimizer descends."""
    match spec:
        case CrossEntropy():
            return F.cross_entropy
        case SquaredError():
            return squared_error


def squared_error(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over batch and classes of (softmax(logits) - one-hot target) squared (question ab08)."""
    wanted = F.one_hot(targets, logits.shape[1]).to(logits.dtype)
    return F.mse_loss(logits.softmax(1), wanted)
