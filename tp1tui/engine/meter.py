"""Losses and hits, gathered where the training happens and fetched in one copy when somebody wants to see them."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

TOP_K = 5
HELD = 64
"""Batches that are held as they are before they are counted, all at once: a few operations for many batches."""


def hits(logits: Tensor, targets: Tensor) -> Tensor:
    """Whether each of an example's first answers is its target: bool [N, up to 5], the best answer first.

    Targets are int64 [N]. NaN ranks above every number, so a network that has diverged scores what chance gives it.
    """
    return logits.topk(min(TOP_K, logits.shape[1]), dim=1).indices == targets[:, None]


def counted(loss: Tensor, logits: Tensor, targets: Tensor) -> Tensor:
    """A batch's loss, top-1 and top-5 hits, float64 [3]; for the arguments see `Meter.add`."""
    known = hits(logits, _classes(targets))
    return torch.stack((loss.double(), known[:, 0].sum(), known.sum()))


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


@dataclass
class _Counted:
    """Batches of one size: those rows of a table, float64 [N, 3], from `first` up to `stop`."""

    size: int
    rows: Tensor
    first: int
    stop: int


class Meter:
    """Takes every batch's loss and hits without waiting for the device."""

    def __init__(self) -> None:
        self.totals = Totals()
        self._held: list[tuple[Tensor, Tensor, Tensor]] = []
        """Batches as they were added, all of one size."""
        self._counted: list[_Counted] = []
        self._stretch = Stretch()

    def add(self, loss: Tensor, logits: Tensor, targets: Tensor) -> None:
        """Note one batch.

        Args:
            loss: Its mean, a scalar.
            logits: [B, K]; like the loss, not to be changed later.
            targets: Classes int64 [B], or soft labels float [B, K], of which the heaviest class counts (of equals the
                first).
        """
        if self._held and (len(self._held) == HELD or targets.shape[0] != self._held[0][2].shape[0]):
            self._count()
        self._held.append((loss, logits, _classes(targets)))

    def add_row(self, size: int, rows: Tensor, number: int) -> None:
        """Note one batch that is counted already.

        Args:
            size: Its examples.
            rows: float64 [N, 3], what `counted` says of a batch in each row; on the device.
            number: The batch's row, not to be changed before the next `settle`.
        """
        self._count()
        last = self._counted[-1] if self._counted else None
        if last and last.rows is rows and last.stop == number and last.size == size:
            last.stop += 1
        else:
            self._counted.append(_Counted(size, rows, number, number + 1))

    def add_counted(self, size: int, counted: Tensor) -> None:
        """Note batches that were counted elsewhere.

        Args:
            size: Examples of each.
            counted: Of each batch the loss, top-1 and top-5 hits: float64 [3, batches].
        """
        self._counted.append(_Counted(size, counted.T, 0, counted.shape[1]))

    def fetch(self) -> Stretch:
        """Everything since the last fetch. Waits for the device."""
        self.settle()
        stretch, self._stretch = self._stretch, Stretch()
        return stretch

    def settle(self) -> None:
        """Bring what is on the device into `totals`, without handing it out. Waits for the device."""
        self._count()
        for batches in self._counted:
            size = batches.size
            for loss, first, five in batches.rows[batches.first : batches.stop].tolist():
                self.totals.add(size, loss, round(first), round(five))
                self._stretch.losses.append(loss)
                self._stretch.top1.append(100 * first / size)
                self._stretch.examples += size
        self._counted.clear()

    def _count(self) -> None:
        """Make three numbers of each batch that is held."""
        if not self._held:
            return
        losses, logits, targets = zip(*self._held, strict=True)
        known = hits(torch.cat(logits), torch.cat(targets)).view(len(losses), len(targets[0]), -1)
        rows = torch.stack((torch.stack(losses).double(), known[..., 0].sum(1), known.sum((1, 2))), 1)
        self._counted.append(_Counted(len(targets[0]), rows, 0, len(rows)))
        self._held.clear()


def _classes(targets: Tensor) -> Tensor:
    """Of soft labels, the heaviest class."""
    return targets if targets.dim() == 1 else targets.argmax(1)
