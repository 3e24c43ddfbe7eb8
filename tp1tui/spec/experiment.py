"""An experiment: everything that a result depends on, as data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from tp1tui.spec.arithmetic import LayerRow, Shape, layer_table
from tp1tui.spec.dataset import FACTS, Dataset, DatasetFacts, sizes
from tp1tui.spec.inputs import Augmentation, ConstantStandardization, Standardization
from tp1tui.spec.layers import Layer
from tp1tui.spec.model import LayeredModel
from tp1tui.spec.optimizer import Constant, CrossEntropy, Loss, Optimizer, Schedule
from tp1tui.spec.part import Part

Switch = Literal["augmentation", "dropout", "standardization", "batchnorm"]
SWITCHES: tuple[Switch, ...] = ("augmentation", "dropout", "standardization", "batchnorm")
LIVE_SWITCHES: tuple[Switch, ...] = ("augmentation", "dropout")
"""Those that a run obeys from its next batch on; the others need a new run, since they change the network's input
or its parameters."""

MAX_SEED = 2**31 - 1


class DropoutSwitch(Part):
    """What the model's dropout layers do while training (Srivastava et al., 2014; question cd29)."""

    enabled: bool = False
    p: float = Field(default=0.5, ge=0, lt=1)
    """Probability of a unit being zeroed; the others are scaled by 1 / (1 - p)."""


class BatchNormSwitch(Part):
    """Whether the model's batch normalization layers are built (Ioffe and Szegedy, 2015; question cd34)."""

    enabled: bool = False


class Experiment(Part):
    """Everything that a result depends on, but the machine."""

    dataset: Dataset
    standardization: Standardization = ConstantStandardization()
    augmentation: Augmentation = Augmentation()
    model: LayeredModel
    dropout: DropoutSwitch = DropoutSwitch()
    batchnorm: BatchNormSwitch = BatchNormSwitch()
    loss: Loss = CrossEntropy()
    optimizer: Optimizer
    schedule: Schedule = Constant()
    epochs: int = Field(ge=1)
    """Passes over the training set."""
    batch_size: int = Field(ge=1)
    seed: int = Field(default=0, ge=0, le=MAX_SEED)
    """Of the initial weights, the order of examples, augmentation and dropout."""
    precision: Literal["tf32", "fp32", "bf16"] = "tf32"
    """Of matrix products: tf32 is fp32 on devices that lack it, bf16 is automatic mixed precision."""

    @model_validator(mode="after")
    def _fits(self) -> Experiment:
        """The parts agree with each other."""
        _check_samples(self)
        _check_inputs(self)
        _check_network(self)
        _check_switches(self)
        return self

    @property
    def facts(self) -> DatasetFacts:
        """What never changes about the dataset."""
        return FACTS[self.dataset.kind]

    @property
    def sizes(self) -> tuple[int, int]:
        """Examples used: (training, test)."""
        return sizes(self.dataset)

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one epoch; the last batch may be smaller."""
        return -(-self.sizes[0] // self.batch_size)

    @property
    def input_shape(self) -> Shape:
        """Of one example as the network gets it, [C, H, W] or [F]."""
        crop = self.augmentation.crop if self.augmentation.enabled else None
        return (self.facts.shape[0], crop.size, crop.size) if crop else self.facts.shape

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The network as it is built: without the places of a batch normalization that is off."""
        if self.batchnorm.enabled:
            return self.model.layers
        return tuple(layer for layer in self.model.layers if layer.kind != "batchnorm")

    def layer_table(self) -> tuple[LayerRow, ...]:
        """One row a layer as it is built, at the input size that this experiment trains on."""
        return layer_table(self.layers, self.input_shape)

    def is_on(self, switch: Switch) -> bool:
        """Whether a switch is on."""
        return bool(getattr(self, switch).enabled)

    def flipped(self, switch: Switch) -> Experiment:
        """The same experiment with one switch flipped.

        Raises:
            ValueError: Flipping it would make no sense here; the sentence says why.
        """
        part: Part = getattr(self, switch)
        other = part.model_copy(update={"enabled": not self.is_on(switch)})
        return type(self).model_validate({**dict(self), switch: other})


def _check_samples(experiment: Experiment) -> None:
    facts = experiment.facts
    train, test = experiment.sizes
    if train > facts.train:
        msg = f"dataset.train_examples is {train}, but {facts.title} has {facts.train} training examples"
        raise ValueError(msg)
    if test > facts.test:
        msg = f"dataset.test_examples is {test}, but {facts.title} has {facts.test} test examples"
        raise ValueError(msg)
    if experiment.batch_size > train:
        msg = f"batch_size is {experiment.batch_size}, but there are only {train} training examples"
        raise ValueError(msg)


def _check_inputs(experiment: Experiment) -> None:
    shape = experiment.facts.shape
    title = experiment.facts.title
    standardization = experiment.standardization
    if isinstance(standardization, ConstantStandardization) and standardization.enabled:
        channels = len(standardization.mean)
        if channels != shape[0]:
            msg = f"standardization names {channels} channels, but an example of {title} has {shape[0]}"
            raise ValueError(msg)
    augmentation = experiment.augmentation
    if augmentation.steps and len(shape) != 3:
        msg = f"augmentation crops and mirrors images; {title} has none"
        raise ValueError(msg)
    if augmentation.crop and augmentation.crop.size > min(shape[1:]):
        msg = f"augmentation crops {augmentation.crop.size} pixels, but an image of {title} has {shape[1]}x{shape[2]}"
        raise ValueError(msg)


def _check_network(experiment: Experiment) -> None:
    rows = experiment.layer_table()
    classes = len(experiment.facts.class_names)
    if rows[-1].output != (classes,):
        msg = (
            f"the last layer, {rows[-1].name}, gives {'x'.join(map(str, rows[-1].output))} numbers, "
            f"but {experiment.facts.title} has {classes} classes"
        )
        raise ValueError(msg)


def _check_switches(experiment: Experiment) -> None:
    if experiment.augmentation.enabled and not experiment.augmentation.steps:
        msg = "augmentation is on, but augmentation.steps is empty; name a crop or a mirror"
        raise ValueError(msg)
    if experiment.dropout.enabled and not experiment.model.has("dropout"):
        msg = "dropout is on, but model.layers has no layer of kind dropout"
        raise ValueError(msg)
    if experiment.batchnorm.enabled and not experiment.model.has("batchnorm"):
        msg = "batchnorm is on, but model.layers has no layer of kind batchnorm"
        raise ValueError(msg)
