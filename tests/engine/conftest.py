"""Small experiments on made-up images, quick enough for every test."""

from __future__ import annotations

import numpy as np
import pytest

from tp1tui.data.arrays import Examples
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

SMALL = {
    "dataset": {"kind": "cifar10", "train_examples": 50, "test_examples": 20},
    "augmentation": {"steps": [{"kind": "crop", "size": 28}, {"kind": "mirror"}]},
    "model": {
        "layers": [
            {"kind": "conv", "name": "conv1", "filters": 4, "kernel": 5, "padding": 2},
            {"kind": "batchnorm", "name": "bn1"},
            {"kind": "relu", "name": "relu1"},
            {"kind": "maxpool", "name": "pool1", "kernel": 8, "ceil": True},
            {"kind": "flatten", "name": "flatten"},
            {"kind": "dropout", "name": "drop"},
            {"kind": "linear", "name": "fc", "features": 10},
        ]
    },
    "optimizer": {"kind": "sgd", "lr": 0.05, "momentum": 0.9},
    "epochs": 3,
    "batch_size": 16,
}


def made_up_examples() -> Examples:
    """50 images to train on and 20 to test on, all noise."""
    draws = np.random.default_rng(0)
    return Examples(
        draws.integers(0, 256, (50, 32, 32, 3), dtype=np.uint8),
        draws.integers(0, 10, 50, dtype=np.uint8),
        draws.integers(0, 256, (20, 32, 32, 3), dtype=np.uint8),
        draws.integers(0, 10, 20, dtype=np.uint8),
        {},
    )


@pytest.fixture
def examples() -> Examples:
    return made_up_examples()


@pytest.fixture
def small() -> Experiment:
    return Experiment.model_validate(SMALL)


@pytest.fixture
def everything_on(small: Experiment) -> Experiment:
    return with_changes(
        small,
        [
            "augmentation.enabled=true",
            "dropout.enabled=true",
            "batchnorm.enabled=true",
            "standardization.enabled=true",
            "schedule={kind='exponential', gamma=0.9}",
        ],
    )
