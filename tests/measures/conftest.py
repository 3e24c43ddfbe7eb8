"""Small networks, trained for a few steps on made-up images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from tp1tui.data.arrays import Examples
from tp1tui.engine.loop import train
from tp1tui.engine.training import Training
from tp1tui.measures.job import Job
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")
TrainedJob = Callable[..., Job]

SMALL = {
    "dataset": {"kind": "cifar10", "train_examples": 60, "test_examples": 40},
    "standardization": {"kind": "channel", "enabled": True},
    "augmentation": {"steps": [{"kind": "crop", "size": 28}, {"kind": "mirror"}]},
    "model": {
        "layers": [
            {"kind": "conv", "name": "conv1", "filters": 6, "kernel": 5, "padding": 2},
            {"kind": "relu", "name": "relu1"},
            {"kind": "maxpool", "name": "pool1", "kernel": 4},
            {"kind": "conv", "name": "conv2", "filters": 8, "kernel": 3, "padding": 1},
            {"kind": "relu", "name": "relu2"},
            {"kind": "maxpool", "name": "pool2", "kernel": 2, "ceil": True},
            {"kind": "flatten", "name": "flatten"},
            {"kind": "linear", "name": "fc3", "features": 30},
            {"kind": "batchnorm", "name": "bn3"},
            {"kind": "relu", "name": "relu3"},
            {"kind": "dropout", "name": "drop3"},
            {"kind": "linear", "name": "fc4", "features": 10},
        ]
    },
    "optimizer": {"kind": "sgd", "lr": 0.05, "momentum": 0.9},
    "epochs": 2,
    "batch_size": 10,
}


def images(count: int, seed: int) -> np.ndarray:
    """Smooth colours with some noise, each class in a colour of its own: uint8 [count, 32, 32, 3]."""
    draws = np.random.default_rng(seed)
    colours = np.random.default_rng(0).integers(30, 220, (10, 1, 1, 3))
    noise = draws.normal(0, 20, (count, 32, 32, 3)) + draws.normal(0, 10, (count, 1, 1, 1))
    return np.clip(colours[np.arange(count) % 10] + noise, 0, 255).astype(np.uint8)


def labels(count: int) -> np.ndarray:
    return (np.arange(count) % 10).astype(np.uint8)


@pytest.fixture
def examples() -> Examples:
    return Examples(images(60, 1), labels(60), images(40, 2), labels(40), {})


@pytest.fixture
def told() -> list[str]:
    """What a measure said while it was taken."""
    return []


@pytest.fixture
def trained(examples: Examples, told: list[str]) -> TrainedJob:
    """A job on a small network that was really trained, with fields changed as `--set` does."""

    def job(*settings: str, data: Examples = examples) -> Job:
        experiment = with_changes(Experiment.model_validate(SMALL), settings)
        training = Training(experiment, data, CPU)
        with torch.enable_grad():  # a test may forbid it around itself
            for _ in train(training):
                pass
        return Job(CPU, told.append, experiment, training=training)

    return job
