"""The training loop.

    for each epoch
        for each batch
            predict, measure the loss, follow its gradient one step down
        measure on the test set, and on the validation set if there is one

The three lines of a batch stand in `implementations`, four times over: by hand, and with more and more of torch. How
they are carried out is told by `execution`: one operation after the other, or on a GPU all as one.

It is a generator: it stops after every step and goes on when asked, so that whoever drives it may look at losses, write
a checkpoint, flip a switch or wait, and the loop itself knows neither clock nor file nor screen.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from tp1tui.data.resident import ResidentData, ResidentSet
from tp1tui.data.seeds import seed_for
from tp1tui.engine.device import seed_draws
from tp1tui.engine.evaluate import Evaluation
from tp1tui.engine.meter import Averages
from tp1tui.engine.training import Training
from tp1tui.spec.schedule import learning_rate, rates_of_epoch


@dataclass(frozen=True)
class StepDone:
    """The weights have moved once; `Training.meter` holds the batch's loss, on the device still."""

    step: int


@dataclass(frozen=True)
class EpochTrained:
    """The last batch of an epoch is done; the evaluation comes next."""

    epoch: int


@dataclass(frozen=True)
class EpochMeasured:
    """An epoch is whole."""

    epoch: int
    step: int
    lr: float
    """Of its last step; of epoch 0, that of the first step to come."""
    train: Averages
    """Running averages while the weights moved; for epoch 0, of the untrained network."""
    test: Evaluation
    clean_train: Averages | None = None
    """The whole training set with the epoch's last weights, measured as the test set is; None unless asked for."""
    validation: Evaluation | None = None
    """The examples held out of the training set; None where nothing is."""


LoopEvent = StepDone | EpochTrained | EpochMeasured


def train(training: Training) -> Generator[LoopEvent, None, None]:
    """Train from where `training` stands to the experiment's last epoch."""
    if training.epochs_done is None:
        yield _measure_epoch_zero(training)
    experiment = training.experiment
    while (epoch := (training.epochs_done or 0) + 1) <= experiment.epochs:
        rates = rates_of_epoch(experiment, epoch, training.train_losses)
        yield from _train_epoch(training, epoch, rates)
        yield EpochTrained(epoch)
        measured = EpochMeasured(
            epoch,
            training.step,
            rates[-1],
            training.running_averages(),
            training.execution.measure(training.data.test),
            _measure_clean(training),
            _measure_validation(training),
        )
        training.finish_epoch(epoch)
        yield measured


def _train_epoch(training: Training, epoch: int, rates: Sequence[float]) -> Iterator[StepDone]:
    """The batches of one epoch that are still to do, with the learning rate of each."""
    plan = training.data.plan(epoch)
    first = training.step - (epoch - 1) * len(plan)
    if first == 0:  # later in the epoch, a resume has restored the generators
        seed_draws(training.device, seed_for(training.experiment.seed, epoch, "dropout", training.part))
    training.model.train()
    training.execution.begin(plan, rates, first)
    for number in range(first, len(plan)):
        training.execution.step(number)
        training.step += 1
        yield StepDone(training.step)


def _measure_epoch_zero(training: Training) -> EpochMeasured:
    """What an untrained network does (question cd17)."""
    data = training.data
    measured = EpochMeasured(
        0,
        0,
        learning_rate(training.experiment, 1),
        training.execution.measure(sample_of(data)),
        training.execution.measure(data.test),
        _measure_clean(training),
        _measure_validation(training),
    )
    training.finish_epoch(0)
    return measured


def sample_of(data: ResidentData) -> ResidentSet:
    """What stands for the training set in epoch 0: as many of its examples as there are for testing."""
    return ResidentSet(data.train.inputs[: len(data.test)], data.train.labels[: len(data.test)])


def _measure_clean(training: Training) -> Averages | None:
    """The other way to measure training (question cd14): afterwards, with weights that stand still."""
    return training.execution.measure(training.data.train) if training.experiment.clean_train else None


def _measure_validation(training: Training) -> Evaluation | None:
    """What choices are made on, so that the test set stays unseen by them (question ab01)."""
    held_out = training.data.validation
    return None if held_out is None else training.execution.measure(held_out)
