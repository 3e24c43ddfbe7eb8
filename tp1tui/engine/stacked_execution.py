"""How a step of several trainings is carried out: here operation by operation, in `stacked_capture` as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from tp1tui.data.plan import EpochPlan
from tp1tui.engine.execution import Learner
from tp1tui.engine.stacked_meter import StackMeter
from tp1tui.engine.stacked_network import side_by_side


class StackedLearners(Protocol):
    """What a step needs to know of a stack (`tp1tui.engine.stack.Stack`), and no more."""

    generators: list[torch.Generator]
    """What each member's dropout draws from, on the device."""
    meter: StackMeter
    """Is given the losses and hits of each step's batches."""

    @property
    def members(self) -> Sequence[Learner]:
        """M trainings of one architecture."""
        ...

    @property
    def dropout(self) -> list[float]:
        """Each member's probability from the next step on; 0 where it is switched off."""
        ...

    def update(self, inputs: Tensor, targets: Tensor, lr: Tensor) -> tuple[Tensor, Tensor]:
        """Predict, measure the losses, follow their gradients one step down.

        Args:
            inputs: float32 [B, M·C, H, W] or [M, B, F].
            targets: Classes int64 [M, B], or soft labels float32 [M, B, K].
            lr: Learning rate of this step, float32 [M, 1], on the device.

        Returns:
            Each member's mean loss, [M], and logits [M, B, K], all from before the step and on the device still.
        """
        ...


class StackedExecution(Protocol):
    """Carries out what the loop of a stack asks for."""

    def begin(self, plans: Sequence[EpochPlan], rates: Tensor, first: int) -> None:
        """Prepare for the steps of an epoch that are still to do.

        Args:
            plans: Each member's of the epoch, on the device.
            rates: Learning rates, float32 [steps, M, 1], on the CPU.
            first: Number of the next step in the epoch, from 0.
        """
        ...

    def step(self, number: int) -> None:
        """Move all members' weights once and note their batches in the stack's meter; numbers rise by one."""
        ...

    def forget(self) -> None:
        """No step follows for now: hold nothing on the device that only steps need."""
        ...


class StackedEager:
    """Every operation when Python comes to it."""

    def __init__(self, stack: StackedLearners) -> None:
        self._stack = stack
        self._plans: Sequence[EpochPlan] = ()
        self._rates: Tensor

    def begin(self, plans: Sequence[EpochPlan], rates: Tensor, first: int) -> None:
        """As `StackedExecution.begin`."""
        self._plans, self._rates = plans, rates.to(self._stack.members[0].device)

    def step(self, number: int) -> None:
        """As `StackedExecution.step`."""
        inputs, targets = batch_of_all(self._stack, self._plans, number)
        losses, logits = self._stack.update(inputs, targets, self._rates[number])
        self._stack.meter.add(losses, logits, targets)

    def forget(self) -> None:
        """Nothing is kept."""


def batch_of_all(stack: StackedLearners, plans: Sequence[EpochPlan], number: int) -> tuple[Tensor, Tensor]:
    """Each member's batch of an epoch, as `StackedLearners.update` takes them.

    Args:
        stack: Whose members train.
        plans: One a member.
        number: Of the batch, from 0.
    """
    pairs = zip(stack.members, plans, strict=True)
    inputs, targets = zip(*(member.data.training_batch(plan, number) for member, plan in pairs), strict=True)
    return side_by_side(inputs), torch.stack(targets)
