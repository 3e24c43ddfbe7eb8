"""A worker that goes through a night's training in minutes: its steps cost next to nothing, its clock goes with them.

    python -m benchmarks.hastened RUN

All else is the worker's own: the loop, the figures of each batch, evaluation, looks at the network, the journal,
checkpoints, commands. Only the update of the weights is left out and every batch is the first, and each step takes the
same time on the run's clock, so that the journal gets as many lines as in a night.
"""

from __future__ import annotations

import random
import sys
from unittest.mock import patch

import torch
from torch import Tensor

from tp1tui.data.plan import EpochPlan
from tp1tui.engine.training import Training
from tp1tui.worker.main import main

SECONDS_A_STEP = 0.0144
"""On the run's clock: two million steps are eight hours."""
KINDS = 1000
"""Different batches, one after the other, over and over."""


class Hastened(Training):
    """A training whose updates change nothing and give drawn figures."""

    latest: Training | None = None
    """The one that was made last, by whose steps the clock goes."""

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        Hastened.latest = self
        draws = random.Random(0)
        classes = len(self.experiment.facts.class_names)
        self._losses = [torch.tensor(draws.uniform(0.1, 2.0)) for _ in range(KINDS)]
        self._logits = [torch.randn(1, classes) for _ in range(KINDS)]
        self._batch = self.data.training_batch(self.data.plan(1), 0)
        self.data.training_batch = self._first_batch  # type: ignore[method-assign]
        self.implementation.update = self._update  # type: ignore[method-assign]

    def _first_batch(self, _plan: EpochPlan, _number: int) -> tuple[Tensor, Tensor]:
        return self._batch

    def _update(self, _inputs: Tensor, targets: Tensor, _rate: float) -> tuple[Tensor, Tensor]:
        kind = self.step % KINDS
        return self._losses[kind], self._logits[kind].expand(len(targets), -1)


def clock() -> float:
    """Seconds on the run's clock."""
    return SECONDS_A_STEP * Hastened.latest.step if Hastened.latest else 0.0


def hasten() -> int:
    """Work as `python -m tp1tui.worker` does, but for the updates and the clock."""
    from tp1tui.worker import prepare, stopwatch

    with patch.object(prepare, "Training", Hastened), patch.object(stopwatch, "monotonic", clock):
        return main()


if __name__ == "__main__":
    sys.exit(hasten())
