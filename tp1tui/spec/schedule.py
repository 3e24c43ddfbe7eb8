"""The learning rate of every epoch, as a function: so it can be drawn before a run, and a resume needs no state."""

from __future__ import annotations

from math import cos, pi

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.optimizer import Constant, Cosine, Exponential


def learning_rate(experiment: Experiment, epoch: int) -> float:
    """Learning rate during one epoch.

    Args:
        experiment: What is trained.
        epoch: From 1 to `experiment.epochs`.
    """
    start = experiment.optimizer.lr
    match experiment.schedule:
        case Constant():
            return start
        case Exponential(gamma=gamma):
            return start * gamma ** (epoch - 1)
        case Cosine():
            return start * (1 + cos(pi * (epoch - 1) / experiment.epochs)) / 2
