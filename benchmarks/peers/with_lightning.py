"""The notebook's loaders and network under Lightning, with nothing printed and nothing saved."""

from __future__ import annotations

from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import Callback
from torch import Tensor
from torch.nn import functional as F

from benchmarks.peers.pictures import loaders
from benchmarks.peers.task import Task
from benchmarks.peers.watch import Watch


class Classifier(lightning.LightningModule):
    """The subject's network; loss and accuracy of every batch are logged, as the notebook keeps them."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self._task, self.network = task, task.network()

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        """The loss of a batch."""
        inputs, targets = batch
        logits = self.network(inputs)
        loss = F.cross_entropy(logits, targets)
        self.log_dict({"loss": loss, "top1": (logits.argmax(1) == targets).float().mean()})
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor], _: int) -> None:
        """How many are right."""
        inputs, targets = batch
        self.log("test_top1", (self.network(inputs).argmax(1) == targets).float().mean(), batch_size=len(targets))

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Plain SGD."""
        return torch.optim.SGD(self.parameters(), self._task.lr, momentum=self._task.momentum)


class Hooks(Callback):
    """Press the stopwatch."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def on_train_epoch_start(self, *_: Any) -> None:
        """Before the first batch."""
        self._watch.epoch_begins()

    def on_train_batch_end(self, *_: Any) -> None:
        """After an update."""
        self._watch.batch_done()

    def on_validation_start(self, *_: Any) -> None:
        """After the last update."""
        self._watch.training_ends()

    def on_train_epoch_end(self, trainer: lightning.Trainer, *_: Any) -> None:
        """After the evaluation."""
        self._watch.epoch_ends(100 * float(trainer.callback_metrics["test_top1"]))


def train(task: Task, watch: Watch) -> None:
    """Train and evaluate epoch by epoch."""
    train_loader, test_loader = loaders(task)
    trainer = lightning.Trainer(
        accelerator="auto",
        devices=1,
        max_epochs=task.epochs,
        callbacks=[Hooks(watch)],
        num_sanity_val_steps=0,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(Classifier(task), train_loader, test_loader)
