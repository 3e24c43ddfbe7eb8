"""What differs from step to step of a recorded epoch, in tensors that stay where they are from epoch to epoch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from tp1tui.data.plan import EpochPlan
from tp1tui.engine.meter import Rows


class EpochOnDevice:
    """The plans of an epoch, its learning rates, and the number of the next step: read and counted up by the device.

    Of one training, or of several that train together, one plan each.
    """

    def __init__(self, plans: Sequence[EpochPlan], rates: Tensor, rows: Rows) -> None:
        """Make room for epochs like one.

        Args:
            plans: On the device, one a training; they are overwritten by those of epochs to come.
            rates: Learning rates of the epoch's steps, as `begin` takes them.
            rows: What the steps leave behind goes there.
        """
        device = plans[0].order.device
        self.rows = rows
        self._plans = list(plans)
        self._rates = torch.zeros_like(rates, device=device)
        self._rate = torch.zeros_like(self._rates[0])
        self._number = torch.zeros(1, dtype=torch.int64, device=device)
        self._places = torch.arange(len(plans[0].examples(0)), device=device)

    def begin(self, plans: Sequence[EpochPlan], rates: Tensor, first: int) -> None:
        """Take over an epoch.

        Args:
            plans: On the device, one a training.
            rates: Of each step: [N], or [N, M, 1] of M trainings.
            first: Number of the next step in the epoch, from 0.
        """
        for mine, its in zip(self._plans, plans, strict=True):
            if mine is not its:
                mine.overwrite(its)
        self._rates.copy_(rates)
        self._number.fill_(first)

    def size(self, number: int) -> int:
        """Examples of a batch."""
        return len(self._plans[0].examples(number))

    def next_batches(self, size: int) -> list[EpochPlan]:
        """Each training's plan of the batch whose number the device knows."""
        places = self._number * self._plans[0].batch_size + self._places[:size]
        return [plan.at(places) for plan in self._plans]

    def next_rate(self) -> Tensor:
        """Its learning rate, a scalar or [M, 1], that is always the same tensor."""
        return self._rate.copy_(self._rates.index_select(0, self._number)[0])

    def end_step(self, loss: Tensor, logits: Tensor, targets: Tensor) -> None:
        """Keep what is counted later, all at once, and go on to the next step. Takes what `Uncounted.add` takes."""
        self.rows.put(self._number, loss, logits, targets)
        self._number += 1
