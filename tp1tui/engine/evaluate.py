"""Measure a network on examples it does not learn from."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import torch
from torch import nn

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

    @property
    def top1_by_class(self) -> list[float]:
        """Percent of each class's examples that were known for what they are; NaN for a class without examples."""
        return [100 * row[number] / sum(row) if any(row) else nan for number, row in enumerate(self.confusion)]


@torch.no_grad()
def evaluate(model: nn.Module, loss_function: LossFunction, data: ResidentData, examples: ResidentSet) -> Evaluation:
    """Loss and accuracies of a network over whole examples, in evaluation mode: no dropout, running statistics.

    Args:
        model: Left in evaluation mode.
        loss_function: Mean loss of a batch.
        data: Says how examples are standardized and cropped.
        examples: All of them are measured.
    """
    model.eval()
    size = BATCH.get(data.device.type, 1000)
    losses: list[torch.Tensor] = []
    scores: list[torch.Tensor] = []
    for start in range(0, len(examples), size):
        inputs, targets = data.measuring_batch(examples, start, start + size)
        logits = model(inputs)
        losses.append(loss_function(logits, targets).double() * len(targets))
        scores.append(logits)
    logits, labels = torch.cat(scores), examples.labels
    classes = logits.shape[1]
    best = logits.topk(min(TOP_K, classes), dim=1).indices
    top5_sum = int((best == labels[:, None]).sum())
    loss_sum = torch.stack(losses).sum().item()
    pairs = torch.bincount(torch.add(best[:, 0], labels, alpha=classes), minlength=classes**2)
    confusion = pairs.reshape(classes, classes).tolist()
    top1_sum = sum(row[number] for number, row in enumerate(confusion))
    averages = Totals(len(examples), loss_sum, top1_sum, top5_sum).averages()
    return Evaluation(averages.loss, averages.top1, averages.top5, tuple(map(tuple, confusion)))
