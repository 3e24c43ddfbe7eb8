"""What happens in a training, in a journal's terms."""

from __future__ import annotations

import time
from typing import TypedDict

from tp1tui.engine.loop import EpochMeasured
from tp1tui.engine.training import Training
from tp1tui.journal.events import Changed, Epoch
from tp1tui.spec.experiment import Switch


class Moment(TypedDict):
    """What every event begins with."""

    time: float
    step: int


def moment(training: Training) -> Moment:
    """The present, in a journal's terms."""
    return Moment(time=time.time(), step=training.step)


def changed(training: Training, switch: Switch, now: Moment) -> Changed:
    """The event that says a switch has just been flipped."""
    on = training.experiment.is_on(switch)
    epoch = training.step / training.experiment.steps_per_epoch
    return Changed(**now, switch=switch, old=not on, new=on, epoch=epoch)


def measured_epoch(
    training: Training, measured: EpochMeasured, images_per_s: float, seconds: float, elapsed: float
) -> Epoch:
    """The event that says how an epoch went.

    Args:
        training: At the epoch's end; of epoch 0, perhaps some steps later.
        measured: By the loop.
        images_per_s: Trained on, without evaluation.
        seconds: That the epoch took.
        elapsed: Seconds of work on the run so far.
    """
    train, test, clean, validation = measured.train, measured.test, measured.clean_train, measured.validation
    return Epoch(
        time=time.time(),
        step=measured.step,
        epoch=measured.epoch,
        train_loss=train.loss,
        train_top1=train.top1,
        train_top5=train.top5,
        test_loss=test.loss,
        test_top1=test.top1,
        test_top5=test.top5,
        lr=measured.lr,
        images_per_s=images_per_s,
        seconds=seconds,
        elapsed=elapsed,
        augmentation=training.experiment.augmentation.enabled,
        dropout=training.experiment.dropout.enabled,
        clean_train_loss=clean.loss if clean else None,
        clean_train_top1=clean.top1 if clean else None,
        clean_train_top5=clean.top5 if clean else None,
        test_top1_by_class=test.top1_by_class,
        validation_loss=validation.loss if validation else None,
        validation_top1=validation.top1 if validation else None,
        validation_top5=validation.top5 if validation else None,
    )
