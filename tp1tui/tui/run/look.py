"""What there is to know about a run or a measure at one moment, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from tp1tui.journal.labels import BLANK_LABELS, Labels
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState, ShownState, shown_state
from tp1tui.spec.experiment import LIVE_SWITCHES, Experiment, Switch
from tp1tui.spec.frozen import MeasureSpec, RunSpec
from tp1tui.spec.schedule import learning_rate

_RECENT = 3
"""Epochs whose mean time stands for the next ones."""


@dataclass(frozen=True)
class Usage:
    """What the worker takes of its machine."""

    cpu: float | None = None
    """Percent; 100 is one core."""
    memory: int | None = None
    """Resident, in bytes."""
    gpu: float | None = None
    """Percent of the time in which it was busy."""
    gpu_memory: int | None = None
    """Bytes, of this process; None where the driver does not tell."""
    held_by_others: str = ""
    """A sentence on other users' processes on that GPU; empty where there are none."""


class Standing:
    """What follows from a run's state, whatever it does: train or measure."""

    state: RunState
    record: RunRecord
    now: float
    in_line: bool

    @property
    def shown_state(self) -> ShownState:
        """The word for its state."""
        return shown_state(self.state, in_line=self.in_line)

    @property
    def is_live(self) -> bool:
        """Whether a worker has it."""
        return self.state in ("running", "paused")

    @property
    def is_over(self) -> bool:
        """Whether a worker had it and has it no more."""
        return not self.is_live and self.state != "queued"

    @property
    def elapsed(self) -> float:
        """Seconds of work, pauses and interruptions excluded."""
        return self.record.elapsed(self.now if self.state == "running" else self.record.last_time or 0.0)


@dataclass(frozen=True)
class Look(Standing):
    """A training as it is now."""

    id: str
    spec: RunSpec
    state: RunState
    record: RunRecord
    now: float
    """Seconds since 1970."""
    usage: Usage = Usage()
    prediction: str = ""
    """What was expected of it before it began; empty where nothing was."""
    labels: Labels = BLANK_LABELS
    """What a person wrote on it."""
    asked: str = ""
    """What was asked of the worker and has not happened yet, in two words."""
    problem: str = ""
    """Why that may never happen, as a sentence."""
    in_line: bool = False
    """Whether it waits for its turn."""
    place: str = ""
    """Where it stands in line, and what it waits for: see `place_in_words`; empty where it does not wait."""
    last_words: tuple[str, ...] = ()
    """Lines that its worker left in worker.log where it died without a word for the journal."""
    gone: str = ""
    """That its folder is there no more, as a sentence; the rest is what was read before. Empty while it is there."""

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one epoch."""
        started = self.record.started
        return started.steps_per_epoch if started else self.spec.experiment.steps_per_epoch

    @property
    def total_steps(self) -> int:
        """Updates in all."""
        return self.steps_per_epoch * self.spec.experiment.epochs

    @property
    def step(self) -> int:
        """Updates made, as far as their batches are journaled."""
        return max(len(self.record.losses), self.record.last.step if self.record.last else 0)

    @property
    def epochs_done(self) -> int:
        """Whole epochs, evaluation included."""
        return self.record.last.epoch if self.record.last else 0

    @property
    def epoch(self) -> int:
        """The one that is going on, or the last when all are done; from 1."""
        return min(self.epochs_done + 1, self.spec.experiment.epochs)

    @property
    def epoch_progress(self) -> float:
        """Of the epoch that is going on: 0 to 1."""
        if self.epochs_done >= self.spec.experiment.epochs:
            return 1.0
        return min(1.0, max(0.0, self.step / self.steps_per_epoch - self.epochs_done))

    @property
    def progress(self) -> float:
        """Of the whole run: 0 to 1."""
        return min(1.0, self.step / self.total_steps)

    @property
    def seconds_left(self) -> float | None:
        """Until the last epoch is done, if it goes on as it went; None where nothing tells."""
        if self.state != "running":
            return None
        remaining = self.spec.experiment.epochs - self.epochs_done - self.epoch_progress
        recent = [epoch.seconds for epoch in self.record.epochs[-_RECENT:] if epoch.epoch > 0]
        if recent:
            return remaining * sum(recent) / len(recent)
        if self.record.images_per_s:
            return remaining * self.spec.experiment.sizes[0] / self.record.images_per_s
        return None

    @property
    def learning_rate(self) -> float:
        """Of the step that comes next in the epoch that is going on; of the last one when all are made."""
        experiment, last = self.spec.experiment, self.epoch * self.spec.experiment.steps_per_epoch
        losses = [epoch.train_loss for epoch in self.record.epochs if epoch.epoch > 0]
        return learning_rate(experiment, min(self.step + 1, last), losses)

    def is_on(self, switch: Switch) -> bool:
        """Whether a switch is on now."""
        flips = [change.new for change in self.record.changes if change.switch == switch]
        return flips[-1] if flips else self.spec.experiment.is_on(switch)


def as_it_goes(look: Look) -> Experiment:
    """A run's experiment with its live switches as they are now."""
    experiment = look.spec.experiment
    for switch in LIVE_SWITCHES:
        if experiment.is_on(switch) != look.is_on(switch):
            experiment = experiment.flipped(switch)
    return experiment


@dataclass(frozen=True)
class MeasureLook(Standing):
    """A measure that trains nothing, as it is now."""

    id: str
    spec: MeasureSpec
    state: RunState
    record: RunRecord
    now: float
    """Seconds since 1970."""
    prediction: str = ""
    """What was expected of it before it began; empty where nothing was."""
    labels: Labels = BLANK_LABELS
    """What a person wrote on it."""
    asked: str = ""
    """What was asked of the worker and has not happened yet, in two words."""
    problem: str = ""
    """Why that may never happen, as a sentence."""
    in_line: bool = False
    """Whether it waits for its turn."""
    place: str = ""
    """Where it stands in line, and what it waits for: see `place_in_words`; empty where it does not wait."""
    last_words: tuple[str, ...] = ()
    """Lines that its worker left in worker.log where it died without a word for the journal."""
    gone: str = ""
    """That its folder is there no more, as a sentence; the rest is what was read before. Empty while it is there."""
