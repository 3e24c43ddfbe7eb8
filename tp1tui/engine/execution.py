"""How a step of training and a measurement are carried out: here operation by operation, in `capture` as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import torch
from torch import nn

from tp1tui.data.plan import EpochPlan
from tp1tui.data.resident import ResidentData, ResidentSet
from tp1tui.engine.evaluate import Evaluation, evaluate
from tp1tui.engine.implementations import Implementation
from tp1tui.engine.meter import Meter
from tp1tui.engine.optimizer import LossFunction
from tp1tui.spec.experiment import Experiment


class Learner(Protocol):
    """What a step or a measurement needs to know of a training (`tp1tui.engine.training.Training`), and no more."""

    experiment: Experiment
    """What is trained as of now: switches may be flipped between two steps."""
    device: torch.device
    """Where."""
    data: ResidentData
    """Batches to learn from, and examples to measure on."""
    implementation: Implementation
    """Moves the weights."""
    model: nn.Module
    """The network whose weights they are."""
    loss_function: LossFunction
    """Mean loss of a batch."""
    notices: list[str]
    """Is given sentences that a person should read."""

    @property
    def meter(self) -> Meter:
        """Is given each batch's loss and hits."""
        ...

    def precision(self) -> AbstractContextManager[None]:
        """Around every forward pass: mixed precision when the experiment asks for bf16."""
        ...


class Execution(Protocol):
    """Carries out what the loop asks for."""

    def begin(self, plan: EpochPlan, rates: Sequence[float], first: int) -> None:
        """Prepare for the steps of an epoch that are still to do, the network in training mode.

        Args:
            plan: Of the epoch, on the device.
            rates: Learning rate of each of its steps.
            first: Number of the next step in the epoch, from 0.
        """
        ...

    def step(self, number: int) -> None:
        """Move the weights once and note the batch in the training's meter; numbers rise by one."""
        ...

    def measure(self, examples: ResidentSet) -> Evaluation:
        """Measure the network on whole examples; it is left in evaluation mode."""
        ...

    def forget(self) -> None:
        """Weights, optimizer or random states were replaced: keep nothing that knows the old ones."""
        ...


class Eager:
    """Every operation when Python comes to it."""

    def __init__(self, training: Learner) -> None:
        self._training = training
        self._plan: EpochPlan
        self._rates: Sequence[float] = ()

    def begin(self, plan: EpochPlan, rates: Sequence[float], first: int) -> None:
        """As `Execution.begin`."""
        self._plan, self._rates = plan, rates

    def step(self, number: int) -> None:
        """As `Execution.step`."""
        training = self._training
        inputs, targets = training.data.training_batch(self._plan, number)
        loss, logits = training.implementation.update(inputs, targets, self._rates[number])
        training.meter.add(loss, logits, targets)

    def measure(self, examples: ResidentSet) -> Evaluation:
        """As `Execution.measure`."""
        training = self._training
        with training.precision():
            return evaluate(training.model, training.loss_function, training.data, examples)

    def forget(self) -> None:
        """Nothing is kept."""
