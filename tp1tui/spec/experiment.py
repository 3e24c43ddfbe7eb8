"""An experiment: everything that a result depends on, as data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationError, model_validator

from tp1tui.spec.arithmetic import LayerRow, Shape, layer_table
from tp1tui.spec.augmentation import Augmentation
from tp1tui.spec.dataset import FACTS, Dataset, DatasetFacts, sizes
from tp1tui.spec.faults import faults_of
from tp1tui.spec.fit import check_fit
from tp1tui.spec.inputs import ConstantStandardization, Standardization
from tp1tui.spec.layers import Layer, layer_names
from tp1tui.spec.model import LayeredModel, Model
from tp1tui.spec.optimizer import Constant, CrossEntropy, Loss, Optimizer, Schedule
from tp1tui.spec.part import Count, Part
from tp1tui.spec.timm_transformer import TimmTransformer
from tp1tui.spec.transformer import VisionTransformer
from tp1tui.spec.transformer_table import transformer_table

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
    model: Model
    dropout: DropoutSwitch = DropoutSwitch()
    batchnorm: BatchNormSwitch = BatchNormSwitch()
    loss: Loss = CrossEntropy()
    optimizer: Optimizer
    schedule: Schedule = Constant()
    epochs: Count
    """Passes over the training set."""
    batch_size: Count
    seed: int = Field(default=0, ge=0, le=MAX_SEED)
    """Of the initial weights, the order of examples, augmentation and dropout."""
    clean_train: bool = False
    """After each epoch also measure the whole training set as the test set is measured: with weights that stand still,
    without dropout and augmentation (question cd14). It takes about a third of the training's time."""
    precision: Literal["tf32", "fp32", "bf16"] = "tf32"
    """Of matrix products: tf32 is fp32 on devices that lack it, bf16 is automatic mixed precision."""
    implementation: Literal["by-hand", "autograd", "torch.nn", "torch.optim"] = "torch.optim"
    """How much of a step is left to torch (questions ab2.1 to ab2.4): nothing but tensors; the gradients too; layers
    and loss too; or the update of the weights as well. The first three descend by plain gradient steps."""

    @model_validator(mode="after")
    def _fits(self) -> Experiment:
        """The parts agree with each other."""
        check_fit(self)
        return self

    @property
    def facts(self) -> DatasetFacts:
        """What never changes about the dataset."""
        return FACTS[self.dataset.kind]

    @property
    def sizes(self) -> tuple[int, int]:
        """Examples used: (training, without those held out for validation; test)."""
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
        """The network as it is built: without the places of a batch normalization that is off.

        Every layer bears its name, so that it is called the same whether or not others are built. Empty for a network
        that is no list of layers.
        """
        if not isinstance(self.model, LayeredModel):
            return ()
        return tuple(
            layer.model_copy(update={"name": name})
            for name, layer in zip(layer_names(self.model.layers), self.model.layers, strict=True)
            if layer.kind != "batchnorm" or self.batchnorm.enabled
        )

    def layer_table(self) -> tuple[LayerRow, ...]:
        """One row a layer as it is built, at the input size that this experiment trains on."""
        match self.model:
            case LayeredModel():
                return layer_table(self.layers, self.input_shape)
            case VisionTransformer():
                return transformer_table(self.model, self.input_shape, len(self.facts.class_names))
            case TimmTransformer():
                return transformer_table(self.model.plan, self.input_shape, len(self.facts.class_names))

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
        page = {**dict(self), switch: other}
        try:
            return type(self).model_validate(page)
        except ValidationError as error:
            reasons = "; ".join(f"{fault.path} {fault.message}" for fault in faults_of(error, Experiment, page))
            turned = "off" if self.is_on(switch) else "on"
            raise ValueError(f"{switch.capitalize()} cannot be switched {turned} here: {reasons}.") from None
