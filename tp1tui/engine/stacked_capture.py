"""Steps of a stack that are recorded once and replayed as a whole, as `capture` does it for one training.

Each member draws dropout from a generator of its own, of which a recording must know; for the rest a recorded step
reads nothing from Python here either. What a kind is: the batch's size, and each member's probability of dropout.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from torch import Tensor

from tp1tui.data.plan import EpochPlan
from tp1tui.engine.capture import hindrance
from tp1tui.engine.epoch_on_device import EpochOnDevice
from tp1tui.engine.meter import Rows
from tp1tui.engine.recorder import CudaRecorder, Recorder
from tp1tui.engine.recordings import Recordings
from tp1tui.engine.stacked_execution import StackedEager, StackedExecution, StackedLearners, batch_of_all


def stacked_execution_of(stack: StackedLearners) -> StackedExecution:
    """The fastest way to carry out a stack where it is."""
    first = stack.members[0]
    if first.device.type == "cuda" and hindrance(first.experiment) is None:
        return StackedCaptured(stack, CudaRecorder(first.device, stack.generators))
    return StackedEager(stack)


class StackedCaptured:
    """Every step as a whole, once it has been recorded."""

    def __init__(self, stack: StackedLearners, recorder: Recorder) -> None:
        self._stack = stack
        self._recordings = Recordings(recorder, self._tell)
        self._epoch: EpochOnDevice | None = None

    def begin(self, plans: Sequence[EpochPlan], rates: Tensor, first: int) -> None:
        """As `StackedExecution.begin`."""
        if self._epoch is None:
            member = self._stack.members[0]
            shape = (len(plans), len(plans[0].examples(0)))
            rows = Rows.of(len(plans[0]), shape, len(member.experiment.facts.class_names), member.device)
            self._epoch = EpochOnDevice(plans, rates, rows)
        self._epoch.begin(plans, rates, first)

    def step(self, number: int) -> None:
        """As `StackedExecution.step`."""
        stack, epoch = self._stack, self._epoch
        assert epoch is not None  # steps come after `begin`
        size = epoch.size(number)
        self._recordings.do((size, *stack.dropout), partial(self._step, epoch, size))
        stack.meter.add_row(epoch.rows, number, size)

    def forget(self) -> None:
        """As `StackedExecution.forget`."""
        self._recordings.forget()

    def _step(self, epoch: EpochOnDevice, size: int) -> None:
        inputs, targets = batch_of_all(self._stack, epoch.next_batches(size), 0)
        losses, logits = self._stack.update(inputs, targets, epoch.next_rate())
        epoch.end_step(losses, logits, targets)

    def _tell(self, notice: str) -> None:
        for member in self._stack.members:
            member.notices.append(notice)
