"""Measure a network on examples it does not learn from."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from math import isqrt, nan
from typing import cast

import torch
from torch import Tensor, nn

from tp1tui.data.resident import ResidentData, ResidentSet
from tp1tui.engine.meter import TOP_K, Averages, Totals
from tp1tui.engine.optimizer import LossFunction

BATCH = {"cpu": 250, "cuda": 2000}
"""Examples measured at once: few enough to stay in a CPU's caches, many enough to fill a GPU."""


@dataclass(frozen=True)
class Evaluation(Averages):
    """Averages over whole examples, and which class was taken for which."""

    confusion: tuple[tuple[int, ...], ...]
    """How many examples of each class (row) were given each answer (column)."""

    @classmethod
    def of(cls, examples: int, loss_sum: float, top5: int, confusion: Sequence[Sequence[int]]) -> Evaluation:
        """From sums over so many examples: of losses, of hits among five, and of answers by class."""
        top1 = sum(row[number] for number, row in enumerate(confusion))
        averages = Totals(examples, loss_sum, top1, top5).averages()
        return cls(averages.loss, averages.top1, averages.top5, tuple(map(tuple, confusion)))

    @property
    def top1_by_class(self) -> list[float]:
        """Percent of each class's examples that were known for what they are; NaN for a class without examples."""
        return [100 * row[number] / sum(row) if any(row) else nan for number, row in enumerate(self.confusion)]


def evaluate(model: nn.Module, loss_function: LossFunction, data: ResidentData, examples: ResidentSet) -> Evaluation:
    """Loss and accuracies of a network over whole examples, in evaluation mode: no dropout, running statistics.

    Args:
        model: Left in evaluation mode.
        loss_function: Mean loss of a batch.
        data: Says how examples are standardized and cropped.
        examples: All of them are measured.
    """
    return evaluation(tally(model, loss_function, data, examples), len(examples))


def tally(model: nn.Module, loss_function: LossFunction, data: ResidentData, examples: ResidentSet) -> Tensor:
    """All that an evaluation is made of, on the device still; for the arguments see `evaluate`.

    Returns:
        float64 [2 + K²]: sum of losses, top-5 hits, and the confusion of K classes row by row.
    """
    parts = tally_in_parts(model, loss_function, data, examples)
    while True:
        try:
            next(parts)
        except StopIteration as end:
            return cast("Tensor", end.value)


@torch.no_grad()
def tally_in_parts(
    model: nn.Module, loss_function: LossFunction, data: ResidentData, examples: ResidentSet
) -> Generator[int, None, Tensor]:
    """The same as `tally`, and as its result, for who has something else to do after each batch.

    Yields:
        How many examples the batch had.
    """
    model.eval()
    size = BATCH.get(data.device.type, 1000)
    losses: list[Tensor] = []
    scores: list[Tensor] = []
    for start in range(0, len(examples), size):
        inputs, targets = data.measuring_batch(examples, start, start + size)
        logits = model(inputs)
        losses.append(loss_function(logits, targets).double() * len(targets))
        scores.append(logits)
        yield len(targets)
    logits, labels = torch.cat(scores), examples.labels
    classes = logits.shape[1]
    best = logits.topk(min(TOP_K, classes), dim=1).indices
    pairs = torch.add(best[:, 0], labels, alpha=classes)
    confusion = torch.zeros(classes**2, dtype=torch.float64, device=pairs.device)
    confusion.scatter_add_(0, pairs, torch.ones_like(pairs, dtype=torch.float64))  # bincount would wait for the device
    sums = torch.stack((torch.stack(losses).sum(), (best == labels[:, None]).sum()))
    return torch.cat((sums, confusion))


def evaluation(tallied: Tensor, examples: int) -> Evaluation:
    """What `tally` found of so many examples. Waits for the device."""
    loss_sum, *counts = tallied.tolist()
    top5_sum, *pairs = map(round, counts)
    classes = isqrt(len(pairs))
    confusion = [pairs[start : start + classes] for start in range(0, len(pairs), classes)]
    return Evaluation.of(examples, loss_sum, top5_sum, confusion)
