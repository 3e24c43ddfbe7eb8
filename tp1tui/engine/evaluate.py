"""Measure a network on examples it does not learn from."""

from __future__ import annotations

import torch
from torch import nn

from tp1tui.data.resident import ResidentData, ResidentSet
from tp1tui.engine.meter import Averages, Totals, hits
from tp1tui.engine.optimizer import LossFunction

BATCH = {"cpu": 250, "cuda": 2000}
"""Examples measured at once: few enough to stay in a CPU's caches, many enough to fill a GPU."""


@torch.no_grad()
def evaluate(model: nn.Module, loss_function: LossFunction, data: ResidentData, examples: ResidentSet) -> Averages:
    """Loss and accuracies of a network over whole examples, in evaluation mode: no dropout, running statistics.

    Args:
        model: Left in evaluation mode.
        loss_function: Mean loss of a batch.
        data: Says how examples are standardized and cropped.
        examples: All of them are measured.
    """
    model.eval()
    size = BATCH.get(data.device.type, 1000)
    sums: list[torch.Tensor] = []
    for start in range(0, len(examples), size):
        inputs, targets = data.measuring_batch(examples, start, start + size)
        logits = model(inputs)
        top1, top5 = hits(logits, targets)
        loss = loss_function(logits, targets).double() * len(targets)
        sums.append(torch.stack((loss, top1.double(), top5.double())))
    loss_sum, top1_sum, top5_sum = torch.stack(sums).sum(0).tolist()
    return Totals(len(examples), loss_sum, round(top1_sum), round(top5_sum)).averages()
