"""A small experiment whose batches are looked at."""

from __future__ import annotations

import torch

from tp1tui.data.arrays import Examples
from tp1tui.data.resident import ResidentData
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")
LINEAR = {
    "dataset": {"kind": "cifar10", "train_examples": 64, "test_examples": 16},
    "augmentation": {"steps": [{"kind": "crop", "size": 28}, {"kind": "mirror"}]},
    "model": {
        "layers": [
            {"kind": "avgpool", "name": "pool", "kernel": 28},
            {"kind": "flatten"},
            {"kind": "linear", "features": 10},
        ]
    },
    "optimizer": {"kind": "sgd", "lr": 0.1},
    "epochs": 1,
    "batch_size": 10,
}


def data_of(examples: Examples, *settings: str) -> ResidentData:
    return ResidentData(with_changes(Experiment.model_validate(LINEAR), settings), examples, CPU)
