"""Steps and measurements that are recorded once and replayed as a whole: what a GPU needs to be kept busy.

A recorded step reads nothing from Python. The epoch's plan and its learning rates lie on the device, and so does the
number of the next step, by which the step itself finds its batch and its rate, and which it counts up. Its loss and
logits go to a row of their own. Dropout draws from the device's own generator, whose place replays move on as ordinary
steps do: so seeds, checkpoints and resumes know no difference.

The first few steps of each kind are done operation by operation, and are steps like all others: recording does nothing
that would have to be undone. A kind is what cannot change in a recording: the batch's size, and which switches are on.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

import torch
from torch import Tensor

from tp1tui.data.plan import EpochPlan
from tp1tui.data.resident import ResidentSet
from tp1tui.engine.epoch_on_device import EpochOnDevice
from tp1tui.engine.evaluate import Evaluation, evaluation, tally
from tp1tui.engine.execution import Eager, Execution, Learner
from tp1tui.engine.meter import Rows
from tp1tui.engine.recorder import CudaRecorder, Recorder
from tp1tui.engine.recordings import Recordings
from tp1tui.spec.augmentation import RandAugment
from tp1tui.spec.experiment import LIVE_SWITCHES, Experiment
from tp1tui.spec.optimizer import Muon


def execution_of(training: Learner) -> Execution:
    """The fastest way to carry out a training where it is."""
    if training.device.type == "cuda":
        return Captured(training, CudaRecorder(training.device))
    return Eager(training)


def hindrance(experiment: Experiment) -> str | None:
    """What keeps an experiment's steps from being recorded; None where nothing does."""
    if experiment.implementation in ("by-hand", "autograd"):
        return "the step that is written by hand takes its learning rate from Python"
    if isinstance(experiment.optimizer, Muon):
        return "torch's Muon takes its learning rate from Python"
    if experiment.augmentation.step(RandAugment):
        return "RandAugment sorts each batch by what is done to its images, as many as it comes to"
    return None


class Captured:
    """Every step and every measurement as a whole, once it has been recorded."""

    def __init__(self, training: Learner, recorder: Recorder) -> None:
        self._training = training
        self._eager = Eager(training)
        self._recordings = Recordings(recorder, training.notices.append)
        self._epoch: EpochOnDevice | None = None
        self._tallies: dict[Hashable, Tensor] = {}

    def begin(self, plan: EpochPlan, rates: Sequence[float], first: int) -> None:
        """As `Execution.begin`."""
        if hindrance(self._training.experiment):
            self._eager.begin(plan, rates, first)
            return
        device = self._training.device
        # Fused kernels read a float32 on a GPU; elsewhere a float64 is the very number that Python would give.
        known = torch.tensor(rates, dtype=torch.float32 if device.type == "cuda" else torch.float64)
        if self._epoch is None:
            classes = len(self._training.experiment.facts.class_names)
            rows = Rows.of(len(plan), (len(plan.examples(0)),), classes, device)
            self._epoch = EpochOnDevice([plan], known, rows)
        self._epoch.begin([plan], known, first)

    def step(self, number: int) -> None:
        """As `Execution.step`."""
        training, epoch = self._training, self._epoch
        if epoch is None:
            self._eager.step(number)
            return
        size = epoch.size(number)
        switches = [training.experiment.is_on(switch) for switch in LIVE_SWITCHES]
        self._recordings.do(("step", size, *switches), partial(self._step, epoch, size))
        training.meter.add_row(epoch.rows, number, size)

    def measure(self, examples: ResidentSet) -> Evaluation:
        """As `Execution.measure`."""
        training, data = self._training, self._training.data
        names = {id(data.train): "train", id(data.test): "test", id(data.validation): "validation"}
        if id(examples) not in names:  # measured once only
            return self._eager.measure(examples)
        training.model.eval()
        kind = ("measure", names[id(examples)], data.augment)
        self._recordings.do(kind, partial(self._measure, kind, examples))
        return evaluation(self._tallies[kind], len(examples))

    def forget(self) -> None:
        """As `Execution.forget`: addresses may have changed."""
        self._recordings.forget()

    def _step(self, epoch: EpochOnDevice, size: int) -> None:
        training = self._training
        (batch,) = epoch.next_batches(size)
        inputs, targets = training.data.training_batch(batch, 0)
        loss, logits = training.implementation.update(inputs, targets, epoch.next_rate())
        epoch.end_step(loss, logits, targets)

    def _measure(self, kind: Hashable, examples: ResidentSet) -> None:
        training = self._training
        with training.precision():
            found = tally(training.model, training.loss_function, training.data, examples)
        if kind in self._tallies:
            self._tallies[kind].copy_(found)
        else:  # while it is rehearsed
            self._tallies[kind] = found
