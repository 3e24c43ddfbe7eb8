"""What a measure is given to work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from tp1tui.data.arrays import Examples
from tp1tui.engine.training import Training
from tp1tui.engine.transformer import Transformer
from tp1tui.spec.experiment import Experiment

Tell = Callable[[str], None]
"""Says what is going on, for the screen; also the moment at which a person may stop the measure."""


@dataclass(frozen=True)
class Job:
    """One measure to take. What it does not need (`Measure.needs`) is None."""

    device: torch.device
    tell: Tell
    experiment: Experiment | None = None
    examples: Examples | None = None
    training: Training | None = None
    """Trained to the experiment's end."""


def need_experiment(job: Job) -> Experiment:
    """The experiment of a measure that needs one."""
    if job.experiment is None:
        raise TypeError("this measure needs an experiment")
    return job.experiment


def need_examples(job: Job) -> Examples:
    """The dataset of a measure that needs one."""
    if job.examples is None:
        raise TypeError("this measure needs a dataset")
    return job.examples


def need_training(job: Job) -> Training:
    """The trained network of a measure that needs one."""
    if job.training is None:
        raise TypeError("this measure needs a trained network")
    return job.training


def need_layers(job: Job) -> nn.Sequential:
    """The trained network of a measure that looks at its layers one after the other."""
    model = need_training(job).model
    if not isinstance(model, nn.Sequential):
        raise TypeError("this measure needs a network that is a list of layers")
    return model


def need_transformer(job: Job) -> Transformer:
    """The trained network of a measure that looks into a transformer."""
    model = need_training(job).model
    if not isinstance(model, Transformer):
        raise TypeError("this measure needs a vision transformer")
    return model
