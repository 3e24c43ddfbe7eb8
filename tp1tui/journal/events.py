"""What a run's journal says: one event a line. The only language that workers and front ends share.

Accuracies are percent, losses are mean cross-entropy in nats (or the experiment's other loss), times are seconds.
Readers ignore kinds they do not know, so that a journal of a newer program still opens.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator

from tp1tui.spec.experiment import Switch
from tp1tui.spec.live import ProbeOf
from tp1tui.spec.part import Shown
from tp1tui.spec.results import Result


def _encodable(value: object) -> object:
    """A text that UTF-8 can hold: what the system hands over (file names, messages) may hold half characters."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


Text = Annotated[Shown, BeforeValidator(_encodable)]

Time = Annotated[float, Field(ge=0, le=32_503_680_000, allow_inf_nan=False)]
"""Seconds since 1970 (UTC), up to the year 3000."""

Step = Annotated[int, Field(ge=0)]

Chosen = Literal["test", "validation"]
"""What the best is chosen on: the validation set where one is held out, else the test set, which is then no longer
unseen (question ab01)."""


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="strings")

    time: Time
    """When, in seconds since 1970 (UTC)."""
    step: Step
    """Updates made so far."""


class Started(_Event):
    """A worker took the run up for the first time."""

    kind: Literal["started"] = "started"
    pid: int
    host: Text
    user: Text
    device: Text
    """cpu, cuda:0, …"""
    device_name: Text
    """As its maker calls it."""
    threads: int
    versions: dict[Text, Text]
    """python, torch, tp1tui, cuda."""
    git: Text | None = None
    """Commit of the current folder, with `+` when it has changes; None outside a checkout."""
    data: dict[Text, Text] = {}
    """SHA-256 of each array of the dataset, by name."""
    asked: str | None = None
    """SHA-256 of experiment.toml; None in the journals of old programs."""
    steps_per_epoch: int
    epochs: int


class Preparing(_Event):
    """Something must be had before the first batch: a download, a checksum, a first evaluation."""

    kind: Literal["preparing"] = "preparing"
    what: Text
    """A sentence for the screen."""
    done: int | None = None
    total: int | None = None
    """Both in bytes, or both None."""


class Batches(_Event):
    """A packed stretch of batches; `step` is the last one's."""

    kind: Literal["batches"] = "batches"
    first_step: Annotated[int, Field(ge=1)]
    """The first batch's step, counted from 1."""
    losses: list[float]
    top1: list[float]
    images_per_s: float
    """Over this stretch."""

    @model_validator(mode="after")
    def _agrees(self) -> Batches:
        if not self.step - self.first_step + 1 == len(self.losses) == len(self.top1):
            msg = (
                f"batches {self.first_step} to {self.step} come with {len(self.losses)} losses "
                f"and {len(self.top1)} top-1 values"
            )
            raise ValueError(msg)
        return self


class Epoch(_Event):
    """An epoch's end, evaluation included. Epoch 0 is measured before the first update."""

    kind: Literal["epoch"] = "epoch"
    epoch: Step
    train_loss: float
    """Running averages while the weights moved, as the subject's code measures them; for epoch 0, of the untrained
    network on as many training examples as there are test examples."""
    train_top1: float
    train_top5: float
    test_loss: float
    """On the whole test set with the epoch's last weights."""
    test_top1: float
    test_top5: float
    lr: float
    """Learning rate during this epoch; where it changes from step to step, that of its last step. For epoch 0, that
    of the first step to come."""
    images_per_s: float
    """Training throughput, without evaluation."""
    seconds: float
    """Training and evaluation of this epoch, pauses excluded."""
    elapsed: float
    """All work on this run so far, pauses and interruptions excluded."""
    augmentation: bool
    """State of the switch when the epoch ended."""
    dropout: bool
    clean_train_loss: float | None = None
    """On the whole training set with the epoch's last weights, measured as the test set is; None unless asked for."""
    clean_train_top1: float | None = None
    clean_train_top5: float | None = None
    test_top1_by_class: list[float] | None = None
    """In the order of the dataset's classes; NaN for a class without test examples. None in old journals."""
    validation_loss: float | None = None
    """On the examples held out of the training set, measured as the test set is; None where nothing is held out."""
    validation_top1: float | None = None
    validation_top5: float | None = None

    @property
    def chosen_on(self) -> Chosen:
        """Which set says whether this epoch is the best."""
        return "test" if self.validation_top1 is None else "validation"

    @property
    def choosing_top1(self) -> float:
        """Top-1 on that set."""
        return self.test_top1 if self.validation_top1 is None else self.validation_top1

    @property
    def choosing_loss(self) -> float:
        """Loss on that set."""
        return self.test_loss if self.validation_loss is None else self.validation_loss


class Changed(_Event):
    """A switch was flipped while the run was going; the next batch obeys it."""

    kind: Literal["changed"] = "changed"
    switch: Switch
    old: bool
    new: bool
    epoch: float
    """Where on the epoch axis: 2.5 is half way through the third epoch."""


class Paused(_Event):
    """The run stands still and holds its place."""

    kind: Literal["paused"] = "paused"


class Resumed(_Event):
    """The run goes on: after a pause, or in a new worker from a checkpoint.

    Batches and epochs that the journal holds beyond `step` were lost with the old worker and are trained again; what
    stands after this line replaces them.
    """

    kind: Literal["resumed"] = "resumed"
    from_checkpoint: bool
    pid: int
    device: Text


class Checkpoint(_Event):
    """A checkpoint was written and is safe on disk."""

    kind: Literal["checkpoint"] = "checkpoint"
    file: Text
    epoch: int


REFUSED = "refused"
"""The topic of a warning that answers a command which was not obeyed."""
LOST = "lost"
"""The topic of a worker's last warning where its run's folder was taken away."""


class Warned(_Event):
    """Something a person should know; the run goes on."""

    kind: Literal["warning"] = "warning"
    message: Text
    topic: Text = ""
    """What it is a sign of (tp1tui.journal.signs), REFUSED or LOST; empty for what else the worker has met."""
    epoch: int | None = None
    """Where that begins."""


class Measured(_Event):
    """A result that is no training curve."""

    kind: Literal["measured"] = "measured"
    result: Result
    """One with the name of an earlier one takes its place."""


class Probed(_Event):
    """Another example is probed from now on; what the network says of it is journaled as results."""

    kind: Literal["probed"] = "probed"
    of: ProbeOf
    count: Annotated[int, Field(ge=1)]
    """Examples of its set."""


class Failed(_Event):
    """The run ended by a fault."""

    kind: Literal["failed"] = "failed"
    reason: Text
    """A sentence a person can act on."""
    details: Text = ""
    """For whoever mends it: the exception and where."""


class Finished(_Event):
    """The run ended as it should: it went through all epochs, or a person stopped it."""

    kind: Literal["finished"] = "finished"
    outcome: Literal["finished", "stopped"]


Event = Annotated[
    Started
    | Preparing
    | Batches
    | Epoch
    | Changed
    | Paused
    | Resumed
    | Checkpoint
    | Warned
    | Measured
    | Probed
    | Failed
    | Finished,
    Field(discriminator="kind"),
]

EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
