"""Losses and hits, gathered where the training happens and fetched in one copy when somebody wants to see them."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

TOP_K = 5
CAPACITY = 4096
"""Batches that fit on the device before they are moved to the host unasked."""


def hits(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """How many examples have their target first, and among the first five, each a scalar on the device.

    Targets are int64 [B], or soft labels float [B, K], of which the heaviest class counts (of equals the first). NaN
    ranks above every number, so a network that has diverged scores what chance gives it.
    """
    if targets.dim() == 2:
        targets = targets.argmax(1)
    best = logits.topk(min(TOP_K, logits.shape[1]), dim=1).indices == targets[:, None]
    return best[:, 0].sum(), best.sum()


@dataclass
class Totals:
    """Sums over examples: what averages are made of."""

    examples: int = 0
    loss: float = 0.0
    top1: int = 0
    top5: int = 0

    def add(self, examples: int, mean_loss: float, top1: int, top5: int) -> None:
        """Count one batch in."""
        self.examples += examples
        self.loss += mean_loss * examples
        self.top1 += top1
        self.top5 += top5

    def averages(self) -> Averages:
        """Means over the examples counted so far; NaN before the first."""
        if not self.examples:
            return Averages(float("nan"), float("nan"), float("nan"))
        return Averages(self.loss / self.examples, *(100 * hit / self.examples for hit in (self.top1, self.top5)))


@dataclass(frozen=True)
class Averages:
    """Loss (mean over examples) and accuracies (percent)."""

    loss: float
    top1: float
    top5: float


@dataclass
class Stretch:
    """Consecutive batches: their mean losses, and top-1 in percent."""

    losses: list[float] = field(default_factory=list)
    top1: list[float] = field(default_factory=list)
    examples: int = 0


class Meter:
    """Takes every batch's loss and hits without waiting for the device."""

    def __init__(self, device: torch.device) -> None:
        self.totals = Totals()
        self._packed = torch.zeros(3, CAPACITY, device=device)
        self._sizes: list[int] = []
        self._stretch = Stretch()

    def add(self, loss: Tensor, logits: Tensor, targets: Tensor) -> None:
        """Note one batch: scalar loss, logits [B, K], targets as `hits` takes them."""
        if len(self._sizes) == CAPACITY:
            self.settle()
        top1, top5 = hits(logits, targets)
        self._packed[:, len(self._sizes)] = torch.stack((loss, top1.to(loss.dtype), top5.to(loss.dtype))).float()
        self._sizes.append(len(targets))

    def fetch(self) -> Stretch:
        """Everything since the last fetch. Waits for the device."""
        self.settle()
        stretch, self._stretch = self._stretch, Stretch()
        return stretch

    def settle(self) -> None:
        """Bring what is on the device into `totals`, without handing it out. Waits for the device."""
        count = len(self._sizes)
        losses, top1, top5 = self._packed[:, :count].tolist()
        for size, loss, first, five in zip(self._sizes, losses, top1, top5, strict=True):
            self.totals.add(size, loss, round(first), round(five))
            self._stretch.losses.append(loss)
            self._stretch.top1.append(100 * first / size)
            self._stretch.examples += size
        self._sizes.clear()
