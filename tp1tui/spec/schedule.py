"""The learning rate of every step, as a function: so it can be drawn before a run, and a resume needs no state."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import cos, inf, pi

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.optimizer import (
    Constant,
    Cosine,
    Exponential,
    MultiStep,
    OneCycle,
    Plateau,
    Schedule,
    Step,
    WarmRestarts,
)


def learning_rate(experiment: Experiment, step: int, train_losses: Sequence[float] = ()) -> float:
    """Learning rate of one step; but for one-cycle and warm-up, all steps of an epoch have the same.

    Args:
        experiment: What is trained.
        step: From 1 to the run's last.
        train_losses: Mean training loss of each finished epoch from 1 on, as measured while the weights moved. Only a
            plateau asks for them; those of the step's own epoch and of later ones are not looked at.
    """
    steps_per_epoch = experiment.steps_per_epoch
    epoch = (step - 1) // steps_per_epoch + 1
    schedule = experiment.schedule
    if isinstance(schedule, OneCycle):
        return _one_cycle(schedule, experiment.optimizer.lr, step, experiment.epochs * steps_per_epoch)
    rate = _of_epoch(schedule, experiment.optimizer.lr, epoch, experiment.epochs, train_losses[: epoch - 1])
    risen = (step - 1) / steps_per_epoch
    if risen < schedule.warmup_epochs:
        rate *= schedule.warmup_start + (1 - schedule.warmup_start) * risen / schedule.warmup_epochs
    return rate


def rates_of_epoch(experiment: Experiment, epoch: int, train_losses: Sequence[float]) -> list[float]:
    """Learning rate of every step of one epoch; for the arguments see `learning_rate`."""
    count = experiment.steps_per_epoch
    first = (epoch - 1) * count + 1
    schedule = experiment.schedule
    if isinstance(schedule, OneCycle) or epoch - 1 < schedule.warmup_epochs:
        return [learning_rate(experiment, step, train_losses) for step in range(first, first + count)]
    return [learning_rate(experiment, first, train_losses)] * count


def is_constant(experiment: Experiment) -> bool:
    """Whether every step of the run has the optimizer's learning rate, whatever the losses are."""
    return isinstance(experiment.schedule, Constant) and experiment.schedule.warmup_epochs == 0


def curve(experiment: Experiment, points: int) -> list[tuple[float, float]]:
    """The schedule as it can be known before the run: (epochs done, learning rate), in rising order.

    A plateau is drawn as if the training loss fell to the end.

    Args:
        experiment: What is to be trained.
        points: How many places along the run, from 2.
    """
    last = experiment.epochs * experiment.steps_per_epoch
    places = sorted({1 + place * (last - 1) // (points - 1) for place in range(points)})
    drawn = [((step - 1) / experiment.steps_per_epoch, learning_rate(experiment, step)) for step in places]
    return [*drawn, (float(experiment.epochs), drawn[-1][1])]


def _of_epoch(schedule: Schedule, highest: float, epoch: int, epochs: int, train_losses: Sequence[float]) -> float:
    """Learning rate during one epoch, warm-up aside.

    Args:
        schedule: Any but one-cycle.
        highest: The optimizer's learning rate.
        epoch: From 1 to `epochs`.
        epochs: Of the run.
        train_losses: Of each epoch before this one.
    """
    done = epoch - 1
    match schedule:
        case Exponential():
            return highest * schedule.gamma**done
        case Step():
            return highest * schedule.gamma ** (done // schedule.every)
        case MultiStep():
            return highest * schedule.gamma ** bisect_left(schedule.milestones, epoch)
        case Cosine():
            return highest * (1 + cos(pi * done / epochs)) / 2
        case WarmRestarts():
            into, length = _since_restart(schedule, done)
            return schedule.lowest + (highest - schedule.lowest) * (1 + cos(pi * into / length)) / 2
        case Plateau():
            return highest * schedule.factor ** _reductions(schedule, train_losses)
    return highest


def _since_restart(schedule: WarmRestarts, done: int) -> tuple[int, int]:
    """Epochs since the last restart, and how many there are until the next, both counted from the last."""
    if schedule.multiplier == 1:
        return done % schedule.period, schedule.period
    length = schedule.period
    while done >= length:
        done -= length
        length *= schedule.multiplier
    return done, length


def _one_cycle(schedule: OneCycle, highest: float, step: int, steps: int) -> float:
    first = highest / schedule.div_factor
    last = first / schedule.final_div_factor
    done, rise = step - 1, max(0.0, schedule.peak * steps - 1)
    if done < rise:
        return _half_cosine(first, highest, done / rise)
    return _half_cosine(highest, last, (done - rise) / (steps - 1 - rise))


def _half_cosine(start: float, end: float, way: float) -> float:
    return end + (start - end) * (1 + cos(pi * way)) / 2


def _reductions(schedule: Plateau, train_losses: Sequence[float]) -> int:
    """How often patience has run out; a loss that is not a number is no progress."""
    best, without_progress, reductions = inf, 0, 0
    for loss in train_losses:
        if loss < best * (1 - schedule.threshold):
            best, without_progress = loss, 0
        else:
            without_progress += 1
        if without_progress > schedule.patience:
            reductions, without_progress = reductions + 1, 0
    return reductions
