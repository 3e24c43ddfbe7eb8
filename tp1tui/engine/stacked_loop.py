"""The training loop of `loop`, for the members of a stack: one step of all of them at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from tp1tui.engine.evaluate import Evaluation
from tp1tui.engine.loop import EpochMeasured, EpochTrained, StepDone, sample_of
from tp1tui.engine.meter import Averages
from tp1tui.engine.stack import Stack
from tp1tui.engine.stacked_evaluate import evaluate_together
from tp1tui.spec.schedule import learning_rate, rates_of_epoch


@dataclass(frozen=True)
class EpochsMeasured:
    """An epoch is whole, of every member."""

    by_member: tuple[EpochMeasured, ...]


StackEvent = StepDone | EpochTrained | EpochsMeasured


def train_together(stack: Stack) -> Iterator[StackEvent]:
    """Train from where a stack's members stand to their last epoch. What an event says holds for all members."""
    first = stack.members[0]
    if first.epochs_done is None:
        yield _measure_epoch_zero(stack)
    while (epoch := (first.epochs_done or 0) + 1) <= first.experiment.epochs:
        rates = [rates_of_epoch(member.experiment, epoch, member.train_losses) for member in stack.members]
        yield from _train_epoch(stack, epoch, rates)
        yield EpochTrained(epoch)
        averages = [member.running_averages() for member in stack.members]
        yield _measured(stack, epoch, [of_member[-1] for of_member in rates], averages)


def _train_epoch(stack: Stack, epoch: int, rates: Sequence[Sequence[float]]) -> Iterator[StepDone]:
    """The batches of one epoch that are still to do, with each member's learning rate for each."""
    members = stack.members
    plans = [member.data.plan(epoch) for member in members]
    first = members[0].step - (epoch - 1) * len(plans[0])
    if first == 0:  # later in the epoch, the generators stand where they should
        for member in members:
            member.seed_draws(epoch)
    stack.execution.begin(plans, torch.tensor(rates).T[..., None], first)
    for number in range(first, len(plans[0])):
        stack.execution.step(number)
        for member in members:
            member.step += 1
        yield StepDone(members[0].step)


def _measure_epoch_zero(stack: Stack) -> EpochsMeasured:
    """What untrained networks do (question cd17)."""
    samples = [sample_of(member.data) for member in stack.members]
    rates = [learning_rate(member.experiment, 1) for member in stack.members]
    return _measured(stack, 0, rates, evaluate_together(stack, samples))


def _measured(stack: Stack, epoch: int, rates: Sequence[float], averages: Sequence[Averages]) -> EpochsMeasured:
    """Measure what the weights stand still for, and end the epoch.

    Args:
        stack: Whose members' last batch of the epoch is done.
        epoch: Its number.
        rates: Each member's learning rate in its last step.
        averages: Each member's over the epoch's batches.
    """
    datas = [member.data for member in stack.members]
    tests = evaluate_together(stack, [data.test for data in datas])
    nothing: list[Evaluation | None] = [None] * len(datas)
    clean: Sequence[Averages | None] = nothing
    if stack.members[0].experiment.clean_train:
        clean = evaluate_together(stack, [data.train for data in datas])
    held_out = [data.validation for data in datas if data.validation is not None]
    validation = evaluate_together(stack, held_out) if held_out else nothing
    step = stack.members[0].step
    for member in stack.members:
        member.finish_epoch(epoch)
    each = zip(rates, averages, tests, clean, validation, strict=True)
    return EpochsMeasured(tuple(EpochMeasured(epoch, step, *of_member) for of_member in each))
