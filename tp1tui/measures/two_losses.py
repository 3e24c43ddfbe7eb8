"""The loss in two ways: by the letter, and simplified (question ab14)."""

from __future__ import annotations

import torch
from torch import Tensor

from tp1tui.measures.subject_network import SubjectNetwork
from tp1tui.spec.results import Cell, Column, Table

SCALES = (1, 10, 100, 1000, 10_000)
"""What the scores of the examples are multiplied by."""
BOTH = (Column(name="by the letter"), Column(name="simplified"), Column(name="apart"))


def two_losses(network: SubjectNetwork) -> tuple[Table, Table]:
    """Both forms of the loss: of each example, and of all together with larger and larger scores."""
    ytilde, y = network.outputs()["ytilde"], network.Y
    classes = range(1, ytilde.shape[1] + 1)
    scores = (Column(name=f"ytilde_{place}") for place in classes)
    each = Table(
        name="the loss in two ways",
        note="By the letter: - Σ y log yhat. Simplified: - Σ y ytilde + log Σ exp(ytilde). In nats, in float64; what "
        "they are apart is rounding.",
        columns=(Column(name="example"), Column(name="target"), *scores, *BOTH),
        rows=tuple(_row(place + 1, ytilde[place], y[place]) for place in range(len(y))),
    )
    larger = Table(
        name="with larger scores",
        note="The mean loss of the same examples, their scores multiplied. By the letter, exponentials overflow and "
        "probabilities become 0, whose logarithm is no number. Simplified, the largest score can be taken out of the "
        "sum first, and no exponential is above 1. So torch's cross-entropy takes scores and not probabilities.",
        columns=(Column(name="scores times"), Column(name="largest"), *BOTH),
        rows=tuple((scale, (scale * ytilde).abs().max().item(), *_both(scale * ytilde, y)) for scale in SCALES),
    )
    return each, larger


def literal_loss(ytilde: Tensor, y: Tensor) -> Tensor:
    """Mean of - Σ y log yhat, softmax and logarithm by their definitions; scores and targets [B, ny]."""
    exponentials = ytilde.exp()
    yhat = exponentials / exponentials.sum(1, keepdim=True)
    return -(y * yhat.log()).sum(1).mean()


def simplified_loss(ytilde: Tensor, y: Tensor) -> Tensor:
    """Mean of - Σ y ytilde + log Σ exp(ytilde); scores and targets [B, ny]."""
    return (torch.logsumexp(ytilde, 1) - (y * ytilde).sum(1)).mean()


def _row(number: int, ytilde: Tensor, y: Tensor) -> tuple[Cell, ...]:
    """Of one example: scores and target [ny]."""
    return number, f"class {int(y.argmax()) + 1}", *ytilde.tolist(), *_both(ytilde[None], y[None])


def _both(ytilde: Tensor, y: Tensor) -> tuple[Cell, ...]:
    literal, simplified = literal_loss(ytilde, y).item(), simplified_loss(ytilde, y).item()
    return literal, simplified, abs(literal - simplified)
