"""Measure the networks of a stack, each on its own examples, all at once."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from tp1tui.data.resident import ResidentSet
from tp1tui.engine.evaluate import BATCH, Evaluation
from tp1tui.engine.meter import TOP_K
from tp1tui.engine.stack import Stack
from tp1tui.engine.stacked_network import side_by_side, stacked_losses

LEAST = 32
"""Images of each member that are measured at once, however many members there are."""


@torch.no_grad()
def evaluate_together(stack: Stack, examples: Sequence[ResidentSet]) -> list[Evaluation]:
    """What `evaluate` says of each member.

    Args:
        stack: Whose networks are measured.
        examples: One set a member, all of one size; each is measured whole.
    """
    loss = stack.members[0].experiment.loss
    count, size = len(examples[0]), _batch(stack, examples[0])
    losses: list[Tensor] = []
    scores: list[Tensor] = []
    with stack.members[0].precision():
        for start in range(0, count, size):
            inputs, targets = _batches(stack, examples, start, start + size)
            logits = stack.network.measure(inputs)
            losses.append(stacked_losses(loss, logits, targets).double() * targets.shape[1])
            scores.append(logits)
    logits, labels = torch.cat(scores, 1), torch.stack([each.labels for each in examples])
    best = logits.topk(min(TOP_K, logits.shape[2]), dim=2).indices
    loss_sums = torch.stack(losses).sum(0).tolist()
    top5_sums = (best == labels[..., None]).sum((1, 2)).tolist()
    confusions = _confusions(best[..., 0], labels, logits.shape[2])
    return [
        Evaluation.of(count, loss_sum, top5, confusion)
        for loss_sum, top5, confusion in zip(loss_sums, top5_sums, confusions, strict=True)
    ]


def _batch(stack: Stack, examples: ResidentSet) -> int:
    """Examples of each member at once: of images, about as many in all as of a network alone."""
    alone = BATCH.get(stack.members[0].device.type, 1000)
    return alone if examples.inputs.dim() == 2 else max(LEAST, alone // len(stack.members))


def _batches(stack: Stack, examples: Sequence[ResidentSet], start: int, stop: int) -> tuple[Tensor, Tensor]:
    """Inputs [M, B, F] or [B, M·C, H, W], and targets [M, B]; made once where they are the same for all members."""
    first, members = examples[0], len(stack.members)
    if _are_one(examples) and _are_one([member.data.train for member in stack.members]):  # it gives the statistics
        inputs, targets = stack.members[0].data.measuring_batch(first, start, stop)
        repeated = inputs.repeat(1, members, 1, 1) if inputs.dim() == 4 else inputs.expand(members, -1, -1)
        return repeated, targets.expand(members, -1)
    pairs = zip(stack.members, examples, strict=True)
    batches = [member.data.measuring_batch(each, start, stop) for member, each in pairs]
    return side_by_side([inputs for inputs, _ in batches]), torch.stack([targets for _, targets in batches])


def _are_one(sets: Sequence[ResidentSet]) -> bool:
    """Whether all of these are one copy."""
    return len({each.inputs.data_ptr() for each in sets}) == 1


def _confusions(answers: Tensor, labels: Tensor, classes: int) -> list[list[list[int]]]:
    """Of each member, how many examples of each class (row) got each answer (column); both are int64 [M, N]."""
    members = len(labels)
    pairs = torch.add(answers, labels, alpha=classes)
    pairs += torch.arange(members, device=labels.device)[:, None] * classes**2
    counts = torch.bincount(pairs.flatten(), minlength=members * classes**2)
    confusions: list[list[list[int]]] = counts.view(members, classes, classes).tolist()
    return confusions
