"""How weights move: the loss they descend, the optimizer, and the learning rate over time."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.part import Count, Part


class CrossEntropy(Part):
    """-log of the probability given to the target class, averaged over the batch; in nats."""

    kind: Literal["cross-entropy"] = "cross-entropy"


class SquaredError(Part):
    """Squared distance between softmax probabilities and the one-hot target, averaged over batch and classes."""

    kind: Literal["squared-error"] = "squared-error"


class Hinge(Part):
    """What a linear SVM minimizes: how far the target's score is from leading every other by 1 (question cd12).

    The mean over batch and classes of max(0, 1 - (target's score - other's score)), on scores without softmax. It knows
    one class an example only, so it cannot take the soft labels of mixup and cutmix.
    """

    kind: Literal["hinge"] = "hinge"


Loss = Annotated[CrossEntropy | SquaredError | Hinge, Field(discriminator="kind")]

LearningRate = Annotated[float, Field(gt=0)]
Momentum = Annotated[float, Field(ge=0, lt=1)]
WeightDecay = Annotated[float, Field(ge=0)]
Epsilon = Annotated[float, Field(gt=0)]


class Sgd(Part):
    """Stochastic gradient descent, with heavy-ball or Nesterov momentum when asked."""

    kind: Literal["sgd"] = "sgd"
    lr: LearningRate
    momentum: Momentum = 0
    nesterov: bool = False
    weight_decay: WeightDecay = 0

    @model_validator(mode="after")
    def _nesterov_needs_momentum(self) -> Sgd:
        _check_nesterov(self)
        return self


class _AdamLike(Part):
    lr: LearningRate
    betas: tuple[Momentum, Momentum] = (0.9, 0.999)
    eps: Epsilon = 1e-8
    weight_decay: WeightDecay = 0


class Adam(_AdamLike):
    """Adam (Kingma and Ba, 2015)."""

    kind: Literal["adam"] = "adam"


class AdamW(_AdamLike):
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019)."""

    kind: Literal["adamw"] = "adamw"
    weight_decay: WeightDecay = 0.01


class RmsProp(Part):
    """Gradients over the root of a running mean of their squares (Tieleman and Hinton, 2012)."""

    kind: Literal["rmsprop"] = "rmsprop"
    lr: LearningRate
    alpha: float = Field(default=0.99, ge=0, lt=1)
    """How much of the running mean of squares is kept at each step."""
    eps: Epsilon = 1e-8
    momentum: Momentum = 0
    weight_decay: WeightDecay = 0


class Adagrad(Part):
    """Gradients over the root of the sum of all their squares so far (Duchi, Hazan and Singer, 2011)."""

    kind: Literal["adagrad"] = "adagrad"
    lr: LearningRate
    eps: Epsilon = 1e-10
    weight_decay: WeightDecay = 0


class Muon(Part):
    """Momentum made orthogonal, for the weights of linear layers (Jordan, 2024); AdamW for everything else.

    torch's Muon moves matrices only, so the filters of convolutions go to AdamW, with biases and batch normalization.
    """

    kind: Literal["muon"] = "muon"
    lr: LearningRate
    """Of the linear layers' weights."""
    adamw_lr: LearningRate = 0.001
    """Of everything else; a schedule scales both alike."""
    momentum: Momentum = 0.95
    nesterov: bool = True
    weight_decay: WeightDecay = 0.01
    """Decoupled, of both."""

    @model_validator(mode="after")
    def _nesterov_needs_momentum(self) -> Muon:
        _check_nesterov(self)
        return self


def _check_nesterov(optimizer: Sgd | Muon) -> None:
    if optimizer.nesterov and optimizer.momentum == 0:
        raise Misfit(("nesterov",), "is true, but Nesterov's method needs a momentum above 0")


Optimizer = Annotated[Sgd | Adam | AdamW | RmsProp | Adagrad | Muon, Field(discriminator="kind")]


class _AfterWarmUp(Part):
    """A schedule before which the learning rate may rise. Its own numbers count from the run's first epoch."""

    warmup_epochs: float = Field(default=0, ge=0)
    """Epochs, whole or not, in which the learning rate rises step by step, in a straight line, to the schedule's."""
    warmup_start: float = Field(default=0.1, gt=0, le=1)
    """What part of the schedule's learning rate the first step has."""


class Constant(_AfterWarmUp):
    """The optimizer's learning rate throughout."""

    kind: Literal["constant"] = "constant"


class Exponential(_AfterWarmUp):
    """The learning rate times `gamma` after every epoch (question cd26)."""

    kind: Literal["exponential"] = "exponential"
    gamma: float = Field(gt=0, le=1)


class Step(_AfterWarmUp):
    """The learning rate times `gamma` after every so many epochs."""

    kind: Literal["step"] = "step"
    every: Count
    """Epochs."""
    gamma: float = Field(default=0.1, gt=0, le=1)


class MultiStep(_AfterWarmUp):
    """The learning rate times `gamma` after each of some epochs (question cd25: 60 epochs at 0.1, then 60 at 0.01)."""

    kind: Literal["multi-step"] = "multi-step"
    milestones: tuple[Count, ...] = Field(min_length=1)
    """After which epochs, in rising order."""
    gamma: float = Field(default=0.1, gt=0, le=1)

    @model_validator(mode="after")
    def _in_rising_order(self) -> MultiStep:
        for place, (before, after) in enumerate(pairwise(self.milestones), start=1):
            if after <= before:
                raise Misfit(("milestones", place), f"is {after}, but must be above the {before} before it")
        return self


class Cosine(_AfterWarmUp):
    """Half a cosine from the optimizer's learning rate to 0 over all epochs, epoch by epoch (question cd28)."""

    kind: Literal["cosine"] = "cosine"


class WarmRestarts(_AfterWarmUp):
    """Half a cosine down to `lowest`, epoch by epoch, and again from the top (SGDR; Loshchilov and Hutter, 2017)."""

    kind: Literal["warm-restarts"] = "warm-restarts"
    period: Count
    """Epochs of the first half cosine."""
    multiplier: Count = 1
    """How many times as long as the one before it each further one is."""
    lowest: float = Field(default=0, ge=0)
    """Learning rate at the foot."""


class OneCycle(Part):
    """Up to the optimizer's learning rate and down to almost 0, step by step (Smith and Topin, 2018).

    It warms up by itself. Momentum stays as it is.
    """

    kind: Literal["one-cycle"] = "one-cycle"
    peak: float = Field(default=0.3, gt=0, lt=1)
    """Where it is highest: a part of the run."""
    div_factor: float = Field(default=25, ge=1)
    """The highest learning rate over the first one."""
    final_div_factor: float = Field(default=10_000, ge=1)
    """The first learning rate over the last one."""


class Plateau(_AfterWarmUp):
    """The learning rate times `factor` when the training loss has not fallen for longer than `patience` epochs.

    The training loss of an epoch is its running average. The test loss decides nothing: who trains must not see it.
    """

    kind: Literal["plateau"] = "plateau"
    factor: float = Field(default=0.1, gt=0, lt=1)
    patience: int = Field(default=5, ge=0)
    """Epochs in a row without progress that are borne."""
    threshold: float = Field(default=1e-4, ge=0, lt=1)
    """By what part of the lowest loss so far a loss must lie below it to count as progress."""


Schedule = Annotated[
    Constant | Exponential | Step | MultiStep | Cosine | WarmRestarts | OneCycle | Plateau,
    Field(discriminator="kind"),
]
