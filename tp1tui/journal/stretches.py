"""How training loss went of late, stretch by stretch: what is looked at for oscillation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum, isfinite

from tp1tui.journal.events import Epoch
from tp1tui.spec.experiment import Experiment

STRETCHES = 6
"""The latest stretches of training that are looked at for rises."""
LEAST_STRETCH = 2_500
"""Examples in a stretch that is shorter than an epoch: the mean of their losses is known to some 2 %. Smaller training
sets are looked at epoch by epoch, where every mean is over the same examples, however small the batches."""


def latest_means(experiment: Experiment, epochs: Sequence[Epoch], losses: Sequence[float], step: int) -> list[float]:
    """Mean loss of each of the latest stretches, `STRETCHES` at most, all with the switches as they stand.

    A stretch is a quarter of an epoch, or an epoch where a quarter is too small a sample.

    Args:
        experiment: What is trained.
        epochs: Those that are done.
        losses: Of the latest batches, as many as the stretches have, or of all; those that are not finite count for
            nothing.
        step: Of the last of them.
    """
    steps = stretch_steps(experiment)
    count = min(STRETCHES, min(len(losses), step - _switched_until(epochs)) // steps)
    stretches = (losses[begin : begin + steps] for begin in range(len(losses) - count * steps, len(losses), steps))
    known = ([loss for loss in stretch if isfinite(loss)] for stretch in stretches)
    return [fsum(stretch) / len(stretch) for stretch in known if stretch]


def stretch_steps(experiment: Experiment) -> int:
    """Batches in a stretch."""
    steps = experiment.steps_per_epoch
    return steps // 4 if experiment.sizes[0] >= 4 * LEAST_STRETCH and steps >= 4 else steps


def _switched_until(epochs: Sequence[Epoch]) -> int:
    """The end, as a step, of the latest epoch in which a switch was flipped: that moves the training loss by itself."""
    flipped = (
        after.step
        for before, after in pairwise(epochs)
        if (before.augmentation, before.dropout) != (after.augmentation, after.dropout)
    )
    return max(flipped, default=0)
