"""The notebook's images and network under skorch, with nothing printed."""

from __future__ import annotations

from typing import Any

import torch
from skorch import NeuralNetClassifier
from skorch.callbacks import Callback
from skorch.helper import predefined_split
from torch import nn

from benchmarks.peers.pictures import LOADER_WORKERS, datasets
from benchmarks.peers.task import Task, device
from benchmarks.peers.watch import Watch


class Hooks(Callback):  # type: ignore[misc]
    """Press the stopwatch."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.trains = False

    def on_epoch_begin(self, *_: Any, **__: Any) -> None:
        """Before the first batch."""
        self.trains = True
        self.watch.epoch_begins()

    def on_batch_begin(self, *_: Any, training: bool, **__: Any) -> None:
        """The first batch that is not trained on ends the training of an epoch."""
        if self.trains and not training:
            self.trains = False
            self.watch.training_ends()

    def on_batch_end(self, *_: Any, training: bool, **__: Any) -> None:
        """After an update."""
        if training:
            self.watch.batch_done()

    def on_epoch_end(self, net: NeuralNetClassifier, *_: Any, **__: Any) -> None:
        """After the evaluation, whose accuracy skorch has noted."""
        self.watch.epoch_ends(100 * net.history[-1, "valid_acc"])


def train(task: Task, watch: Watch) -> None:
    """Train and evaluate epoch by epoch."""
    train_set, test_set = datasets(task)
    net = NeuralNetClassifier(
        task.network(),
        criterion=nn.CrossEntropyLoss,
        classes=list(range(10)),
        optimizer=torch.optim.SGD,
        lr=task.lr,
        optimizer__momentum=task.momentum,
        max_epochs=task.epochs,
        batch_size=task.batch_size,
        train_split=predefined_split(test_set),
        iterator_train__shuffle=True,
        iterator_train__num_workers=LOADER_WORKERS,
        iterator_valid__num_workers=LOADER_WORKERS,
        device=device().type,
        callbacks=[("watch", Hooks(watch))],
        verbose=0,
    )
    net.fit(train_set, y=None)
