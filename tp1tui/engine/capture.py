"""Steps and measurements that are recorded once and replayed as a whole: what a GPU needs to be kept busy.

A recorded step reads nothing from Python. The epoch's plan and its learning rates lie on the device, and so does the
number of the next step, by which the step itself finds its batch and its rate, and which it counts up. Its loss and
logits go to a row of their own. Dropout draws from the device's own generator, whose place replays move on as ordinary
steps do: so seeds, checkpoints and resumes know no difference.

The first few steps of each kind are done operation by operation, and are steps like all others: recording does nothing
that would have to be undone. A kind is what cannot change in a recording: the batch's size, and which switches are on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from tp1tui.data.plan import EpochPlan
from tp1tui.data.resident import ResidentSet
from tp1tui.engine.evaluate import Evaluation, evaluation, tally
from tp1tui.engine.execution import Eager, Execution
from tp1tui.engine.meter import Rows
from tp1tui.engine.recorder import CudaRecorder, Recorder, Work
from tp1tui.spec.augmentation import RandAugment
from tp1tui.spec.experiment import LIVE_SWITCHES, Experiment
from tp1tui.spec.optimizer import Muon

if TYPE_CHECKING:  # a training has its execution
    from tp1tui.engine.training import Training

REHEARSALS = 3
"""How often work of a kind is done operation by operation before it is recorded."""


def execution_of(training: Training) -> Execution:
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

    def __init__(self, training: Training, recorder: Recorder) -> None:
        self._training = training
        self._eager = Eager(training)
        self._recordings = _Recordings(recorder, training.notices.append)
        self._epoch: _EpochOnDevice | None = None
        self._tallies: dict[Hashable, Tensor] = {}

    def begin(self, plan: EpochPlan, rates: Sequence[float], first: int) -> None:
        """As `Execution.begin`."""
        if hindrance(self._training.experiment):
            self._eager.begin(plan, rates, first)
            return
        if self._epoch is None:
            self._epoch = _EpochOnDevice(plan, len(self._training.experiment.facts.class_names))
        self._epoch.begin(plan, rates, first)

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

    def _step(self, epoch: _EpochOnDevice, size: int) -> None:
        training = self._training
        inputs, targets = training.data.training_batch(epoch.next_batch(size), 0)
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


class _EpochOnDevice:
    """All that differs from step to step, in tensors that stay where they are from epoch to epoch."""

    def __init__(self, plan: EpochPlan, classes: int) -> None:
        """Make room for epochs of which `plan` is one, which is overwritten by those to come."""
        device, steps, size = plan.order.device, len(plan), len(plan.examples(0))
        # Fused kernels read a float32 on a GPU; elsewhere a float64 is the very number that Python would give.
        precise = torch.float32 if device.type == "cuda" else torch.float64
        self._plan = plan
        self._rates = torch.zeros(steps, dtype=precise, device=device)
        self._rate = torch.zeros((), dtype=precise, device=device)
        self._number = torch.zeros(1, dtype=torch.int64, device=device)
        self._places = torch.arange(size, device=device)
        self.rows = Rows.of(steps, (size,), classes, device)

    def begin(self, plan: EpochPlan, rates: Sequence[float], first: int) -> None:
        """For the arguments see `Execution.begin`."""
        if plan is not self._plan:
            self._plan.overwrite(plan)
        self._rates.copy_(torch.tensor(rates, dtype=self._rates.dtype))
        self._number.fill_(first)

    def size(self, number: int) -> int:
        """Examples of a batch."""
        return len(self._plan.examples(number))

    def next_batch(self, size: int) -> EpochPlan:
        """The plan of the batch whose number the device knows."""
        return self._plan.at(self._number * self._plan.batch_size + self._places[:size])

    def next_rate(self) -> Tensor:
        """Its learning rate, a scalar that is always the same tensor."""
        return self._rate.copy_(self._rates.index_select(0, self._number)[0])

    def end_step(self, loss: Tensor, logits: Tensor, targets: Tensor) -> None:
        """Keep what is counted later, all at once, and go on to the next step; for the arguments see `Meter.add`."""
        self.rows.put(self._number, loss, logits, targets)
        self._number += 1


class _Recordings:
    """Work of several kinds, each recorded once it has been rehearsed; done operation by operation where that fails."""

    def __init__(self, recorder: Recorder, tell: Callable[[str], None]) -> None:
        self._recorder = recorder
        self._tell = tell
        self._replays: dict[Hashable, Work] = {}
        self._rehearsed: Counter[Hashable] = Counter()
        self._given_up = False

    def do(self, kind: Hashable, work: Work) -> None:
        """Do the work, which is the same whenever the kind is."""
        (self._replays.get(kind) or self._way_to_do(kind, work))()

    def forget(self) -> None:
        """Begin anew."""
        if self._rehearsed and not self._given_up:
            self._replays.clear()
            self._rehearsed.clear()
            self._recorder.reset()

    def _way_to_do(self, kind: Hashable, work: Work) -> Work:
        if self._given_up:
            return work
        if self._rehearsed[kind] < REHEARSALS:
            self._rehearsed[kind] += 1
            return partial(self._recorder.rehearse, work)
        try:
            replay = self._recorder.record(work)
        except RuntimeError as error:  # torch's way to say so, a lack of memory included
            self._give_up(error)
            return work
        self._replays[kind] = replay
        return replay

    def _give_up(self, error: RuntimeError) -> None:
        self._given_up = True
        self._replays.clear()
        self._recorder.reset()
        why = str(error).partition("\n")[0]
        self._tell(
            f"The steps of this run could not be recorded as a whole ({why}), so they are done operation by "
            "operation: the figures are the same, but the run is slower."
        )
