"""What happens in a training, in a journal's terms."""

from __future__ import annotations

import time
from typing import TypedDict

from tp1tui.engine.training import Training
from tp1tui.journal.events import Changed
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
