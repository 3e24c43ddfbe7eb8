"""Losses and hits, gathered where the training happens and fetched in one copy when somebody wants to see them."""

from __future__ import annotations

from collections.abc import Callable
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


@dataclass(frozen=True)
class Rows:
    """What the batches of an epoch leave on the device, in tensors that stay where they are: a row a batch.

    Of one network, or of M side by side; then every row has M in front.
    """

    losses: Tensor
    """float32 [N] or [N, M]."""
    logits: Tensor
    """float32 [N, B, K] or [N, M, B, K]; of a batch smaller than B, the first of its row."""
    targets: Tensor
    """Classes int64 [N, B] or [N, M, B], in the same way."""

    @classmethod
    def of(cls, count: int, shape: tuple[int, ...], classes: int, device: torch.device) -> Rows:
        """Room for so many batches, each of targets of this shape: (B,) or (M, B)."""
        return cls(
            torch.zeros(count, *shape[:-1], device=device),
            torch.zeros(count, *shape, classes, device=device),
            torch.zeros(count, *shape, dtype=torch.int64, device=device),
        )

    def put(self, number: Tensor, loss: Tensor, logits: Tensor, targets: Tensor) -> None:
        """Write a batch's row, whose number is int64 [1] on the device; for the rest see `Uncounted.add`."""
        size = logits.shape[-2]
        self.losses.index_copy_(0, number, loss.float()[None])
        self.logits.narrow(-2, 0, size).index_copy_(0, number, logits.float()[None])
        self.targets.narrow(-1, 0, size).index_copy_(0, number, classes_of(targets)[None])


@dataclass
class _Run:
    """Rows from `first` up to `stop`, all of batches of one size."""

    rows: Rows
    size: int
    first: int
    stop: int

    def batches(self) -> tuple[Tensor, Tensor, Tensor]:
        """Losses, logits and targets, batch by batch."""
        rows, chosen = self.rows, slice(self.first, self.stop)
        return (
            rows.losses[chosen],
            rows.logits[chosen].narrow(-2, 0, self.size),
            rows.targets[chosen].narrow(-1, 0, self.size),
        )


class Uncounted:
    """Batches of one network, or of M side by side, until they are counted: many at once, in a few operations.

    Nothing here waits for the device.
    """

    def __init__(self, counted: Callable[[int, Tensor], None]) -> None:
        """Hold nothing yet.

        Args:
            counted: Is given a size and, of each batch that has it, loss, top-1 and top-5 hits: float64 [3, batches] on
                the device, those of M networks in turn.
        """
        self._counted = counted
        self._held: list[tuple[Tensor, Tensor, Tensor]] = []
        """Batches as they were added, all of one size."""
        self._run: _Run | None = None
        """Batches that lie in rows; then none is held."""

    def add(self, loss: Tensor, logits: Tensor, targets: Tensor) -> None:
        """Note one batch.

        Args:
            loss: Its mean, a scalar, or [M].
            logits: [B, K] or [M, B, K]; like the loss, not to be changed later.
            targets: Classes int64 [B] or [M, B], or soft labels float [B, K] or [M, B, K], of which the heaviest class
                counts (of equals the first).
        """
        classes = classes_of(targets)
        if self._held and (len(self._held) == HELD or classes.shape != self._held[0][2].shape):
            self.count()
        self._held.append((loss, logits, classes))

    def add_row(self, rows: Rows, number: int, size: int) -> None:
        """Note one batch of so many examples that lies in a row, not to be changed before the next `count`."""
        run = self._run
        if run and run.rows is rows and run.stop == number and run.size == size:
            run.stop += 1
            return
        self.count()
        self._run = _Run(rows, size, number, number + 1)

    def count(self) -> None:
        """Make three numbers of each batch that is held, or lies in a row."""
        if self._held:
            losses, logits, targets = (torch.stack(parts) for parts in zip(*self._held, strict=True))
            self._held.clear()
            self._counted(targets.shape[-1], _counts(losses, logits, targets))
        if self._run:
            run, self._run = self._run, None
            self._counted(run.size, _counts(*run.batches()))


class Meter:
    """Takes every batch's loss and hits without waiting for the device."""

    def __init__(self) -> None:
        self.totals = Totals()
        self._counted: list[tuple[int, Tensor]] = []
        """A size, and of each batch that has it the loss, top-1 and top-5 hits: float64 [3, batches] on the device."""
        self._uncounted = Uncounted(self.add_counted)
        self._stretch = Stretch()

    def add(self, loss: Tensor, logits: Tensor, targets: Tensor) -> None:
        """Note one batch of one network; for the arguments see `Uncounted.add`."""
        self._uncounted.add(loss, logits, targets)

    def add_row(self, rows: Rows, number: int, size: int) -> None:
        """Note one batch of so many examples that lies in a row, not to be changed before the next `settle`."""
        self._uncounted.add_row(rows, number, size)

    def add_counted(self, size: int, counted: Tensor) -> None:
        """Note batches that were counted elsewhere.

        Args:
            size: Examples of each.
            counted: Of each batch the loss, top-1 and top-5 hits: float64 [3, batches].
        """
        self._counted.append((size, counted))

    def fetch(self) -> Stretch:
        """Everything since the last fetch. Waits for the device."""
        self.settle()
        stretch, self._stretch = self._stretch, Stretch()
        return stretch

    def settle(self) -> None:
        """Bring what is on the device into `totals`, without handing it out. Waits for the device."""
        self._uncounted.count()
        for size, counted in self._counted:
            for loss, first, five in zip(*counted.tolist(), strict=True):
                self.totals.add(size, loss, round(first), round(five))
                self._stretch.losses.append(loss)
                self._stretch.top1.append(100 * first / size)
                self._stretch.examples += size
        self._counted.clear()


def classes_of(targets: Tensor) -> Tensor:
    """Targets as classes: of soft labels float [..., K], the heaviest class (of equals the first)."""
    return targets.argmax(-1) if targets.is_floating_point() else targets


def _counts(losses: Tensor, logits: Tensor, targets: Tensor) -> Tensor:
    """Loss, top-1 and top-5 hits of batches of one size: float64 [3, batches], those of M networks in turn.

    Args:
        losses: [batches] or [batches, M].
        logits: [batches, B, K] or [batches, M, B, K].
        targets: Classes int64 [batches, B] or [batches, M, B].
    """
    known = hits(logits.flatten(0, -2), targets.flatten()).view(losses.numel(), targets.shape[-1], -1)
    return torch.stack((losses.flatten().double(), known[..., 0].sum(1), known.sum((1, 2))))
