"""Losses and hits of several networks that train together, counted at once and handed to each member's own meter."""

from __future__ import annotations

import torch
from torch import Tensor

from tp1tui.engine.meter import HELD, Meter, classes_of, count_batches


class MemberMeter(Meter):
    """A member's meter: before anything is read from it, its stack counts what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: StackMeter | None = None
        """None while the member trains alone."""

    def settle(self) -> None:
        """As `Meter.settle`."""
        if self.stack is not None:
            self.stack.count()
        super().settle()


class StackMeter:
    """Takes every batch's losses and hits of all members without waiting for the device."""

    def __init__(self, meters: list[MemberMeter]) -> None:
        self._meters = meters
        self._held: list[tuple[Tensor, Tensor, Tensor]] = []
        for meter in meters:
            meter.stack = self

    def add(self, losses: Tensor, logits: Tensor, targets: Tensor) -> None:
        """Note one batch of each member.

        Args:
            losses: [M].
            logits: [M, B, K].
            targets: Classes int64 [M, B], or soft labels float [M, B, K], of which the heaviest class counts.
        """
        if self._held and (len(self._held) == HELD or targets.shape[1] != self._held[0][2].shape[1]):
            self.count()
        self._held.append((losses, logits, classes_of(targets)))

    def count(self) -> None:
        """Give each member's meter the three numbers of each batch that is held."""
        if not self._held:
            return
        losses, logits, targets = (torch.stack(parts) for parts in zip(*self._held, strict=True))
        self._held.clear()
        size, of_all = count_batches(losses.flatten(), logits.flatten(0, 2), targets.flatten())
        for number, meter in enumerate(self._meters):
            meter.add_counted(size, of_all[:, number :: len(self._meters)])
