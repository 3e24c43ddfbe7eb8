"""The subject's network written in Keras 3, on its torch backend, with its own augmentation layers and `fit`."""

from __future__ import annotations

import os
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported

import keras
import numpy as np
from keras import layers

from benchmarks.peers.task import CROP, MEAN, STD, Task
from benchmarks.peers.watch import Watch


class Hooks(keras.callbacks.Callback):  # type: ignore[misc]
    """Press the stopwatch."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def on_epoch_begin(self, *_: Any, **__: Any) -> None:
        """Before the first batch."""
        self._watch.epoch_begins()

    def on_train_batch_end(self, *_: Any, **__: Any) -> None:
        """After an update."""
        self._watch.batch_done()

    def on_test_begin(self, *_: Any, **__: Any) -> None:
        """After the last update."""
        self._watch.training_ends()

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """After the evaluation."""
        self._watch.epoch_ends(100 * logs["val_accuracy"])


def train(task: Task, watch: Watch) -> None:
    """Train and evaluate epoch by epoch."""
    examples = task.examples()
    model = _network(task)
    model.compile(
        optimizer=keras.optimizers.SGD(task.lr, momentum=task.momentum),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(
        np.asarray(examples.train_inputs),
        examples.train_labels.astype(np.int64),
        batch_size=task.batch_size,
        epochs=task.epochs,
        validation_data=(np.asarray(examples.test_inputs), examples.test_labels.astype(np.int64)),
        verbose=0,
        callbacks=[Hooks(watch)],
    )


def _network(task: Task) -> keras.Model:
    """The layers of ours, in the memory format that Keras prefers; test images are cut at the centre by its crop."""
    cropped = [layers.RandomCrop(CROP, CROP), layers.RandomFlip("horizontal")] if task.augmented else []
    variance = [deviation**2 for deviation in STD]
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            *cropped,
            layers.Rescaling(1 / 255),
            layers.Normalization(mean=MEAN, variance=variance),
            layers.Conv2D(32, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2, padding="same"),
            layers.Flatten(),
            layers.Dense(1000, activation="relu"),
            layers.Dense(10),
        ]
    )
