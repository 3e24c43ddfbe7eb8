"""Whether a schedule fits into its run: what would never happen before the last epoch is told, not ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp1tui.spec.faults import Misfit
from tp1tui.spec.optimizer import MultiStep, OneCycle, Plateau, Step, WarmRestarts

if TYPE_CHECKING:
    from tp1tui.spec.experiment import Experiment

LEAST_STEPS = 3
"""Of a one-cycle: up, there, and down."""
SHORTEST_PLATEAU = 3
"""Epochs that a patience of 0 needs: one to set a mark, one that misses it, one with the lower learning rate."""


def check_schedule(experiment: Experiment) -> None:
    """Hold a schedule against the length of its run.

    Raises:
        Misfit: It is longer than the run, or never changes the learning rate in it.
    """
    schedule, run = experiment.schedule, _run(experiment.epochs)
    if isinstance(schedule, OneCycle):
        steps = experiment.epochs * experiment.steps_per_epoch
        if steps < LEAST_STEPS:
            problem = f'is "one-cycle", which needs {LEAST_STEPS} steps, but the run has {steps}'
            raise Misfit(("schedule", "kind"), problem)
        return
    if schedule.warmup_epochs >= experiment.epochs:
        raise Misfit(
            ("schedule", "warmup_epochs"), f"is {schedule.warmup_epochs:g}, but must be below epochs, since {run}"
        )
    match schedule:
        case Step() if schedule.every >= experiment.epochs:
            raise Misfit(("schedule", "every"), f"is {schedule.every}, but must be below epochs, since {run}")
        case MultiStep():
            for place, milestone in enumerate(schedule.milestones):
                if milestone >= experiment.epochs:
                    problem = f"is {milestone}, but must be below epochs, since {run}"
                    raise Misfit(("schedule", "milestones", place), problem)
        case WarmRestarts():
            _check_warm_restarts(experiment, schedule)
        case Plateau() if schedule.patience > experiment.epochs - SHORTEST_PLATEAU:
            problem = f"is {schedule.patience}, which needs {schedule.patience + SHORTEST_PLATEAU} epochs, but {run}"
            raise Misfit(("schedule", "patience"), problem)


def _check_warm_restarts(experiment: Experiment, schedule: WarmRestarts) -> None:
    if schedule.period > experiment.epochs:
        problem = f"is {schedule.period}, but must be at most epochs, since {_run(experiment.epochs)}"
        raise Misfit(("schedule", "period"), problem)
    if schedule.lowest >= experiment.optimizer.lr:
        problem = f"is {schedule.lowest:g}, but must be below optimizer.lr, which is {experiment.optimizer.lr:g}"
        raise Misfit(("schedule", "lowest"), problem)


def _run(epochs: int) -> str:
    return f"the run has {epochs:,} epoch{'s' if epochs > 1 else ''}"
