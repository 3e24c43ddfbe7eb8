"""The loop of `loop`, begun with the first step where measuring the untrained network takes seconds.

Epoch 0 comes before the first step (question cd17). On a CPU it can take as long as many steps; then a copy of the
untrained network is measured, some examples after each step, and the first batches are seen at once. All figures are
those of `loop`. Epoch 0 alone is told later: before the end of epoch 1 at the latest.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from copy import deepcopy
from dataclasses import dataclass
from time import perf_counter

from torch import nn

from tp1tui.data.resident import ResidentSet
from tp1tui.engine.evaluate import Evaluation, evaluation, tally_in_parts
from tp1tui.engine.loop import EpochMeasured, EpochTrained, LoopEvent, sample_of, train
from tp1tui.engine.training import Training
from tp1tui.spec.arithmetic import total_multiply_adds
from tp1tui.spec.schedule import learning_rate

LONG = 20_000_000_000
"""Multiply-adds that take two cores some tenths of a second: a person does not wait for less."""


@dataclass(frozen=True)
class PartMeasured:
    """Some more examples have gone through the untrained network; no weight has moved meanwhile."""

    seconds: float
    """That it took."""
    examples: int
    """How many there were."""


def measured_at_first(training: Training) -> int:
    """How many examples epoch 0 is measured on: a sample of those for training, and the other sets whole."""
    data = training.data
    examples = len(sample_of(data)) + len(data.test) + (len(data.validation) if data.validation else 0)
    return examples + (len(data.train) if training.experiment.clean_train else 0)


def takes_long(training: Training) -> bool:
    """Whether a person would wait for the measuring of the untrained network. A GPU is done with it in a moment."""
    work = total_multiply_adds(training.experiment.layer_table()) * measured_at_first(training)
    return training.device.type == "cpu" and work > LONG


def train_at_once(training: Training, hurried: Callable[[], bool]) -> Generator[LoopEvent | PartMeasured, None, None]:
    """As `loop.train`, from a training's first step on, and without waiting for epoch 0.

    Args:
        training: Has not begun.
        hurried: Whether somebody waits for epoch 0: then no step is taken before it is measured.
    """
    untrained = _measured_in_parts(training, deepcopy(training.model))
    training.finish_epoch(0)
    events = train(training)
    for event in events:
        yield event
        waits = True
        while waits:
            began = perf_counter()
            with training.precision():
                measured = next(untrained)
            if isinstance(measured, EpochMeasured):
                yield measured
                yield from events
                return
            yield PartMeasured(perf_counter() - began, measured)
            waits = isinstance(event, EpochTrained) or hurried()


def _measured_in_parts(training: Training, network: nn.Module) -> Iterator[int | EpochMeasured]:
    """Epoch 0 of a network that is trained no further, after the number of examples of each of its parts."""

    def measure(examples: ResidentSet) -> Generator[int, None, Evaluation]:
        tallied = yield from tally_in_parts(network, training.loss_function, data, examples)
        return evaluation(tallied, len(examples))

    data, experiment = training.data, training.experiment
    train_sample = yield from measure(sample_of(data))
    test = yield from measure(data.test)
    clean = (yield from measure(data.train)) if experiment.clean_train else None
    validation = (yield from measure(data.validation)) if data.validation else None
    yield EpochMeasured(0, 0, learning_rate(experiment, 1), train_sample, test, clean, validation)
