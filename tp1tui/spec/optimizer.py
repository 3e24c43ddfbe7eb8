"""How weights move: the loss they descend, the optimizer, and the learning rate over time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.part import Part


class CrossEntropy(Part):
    """-log of the probability given to the target class, averaged over the batch; in nats."""

    kind: Literal["cross-entropy"] = "cross-entropy"


class SquaredError(Part):
    """Squared distance between softmax probabilities and the one-hot target, averaged over batch and classes."""

    kind: Literal["squared-error"] = "squared-error"


Loss = Annotated[CrossEntropy | SquaredError, Field(discriminator="kind")]

LearningRate = Annotated[float, Field(gt=0)]


class Sgd(Part):
    """Stochastic gradient descent, with heavy-ball or Nesterov momentum when asked."""

    kind: Literal["sgd"] = "sgd"
    lr: LearningRate
    momentum: float = Field(default=0, ge=0, lt=1)
    nesterov: bool = False
    weight_decay: float = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _nesterov_needs_momentum(self) -> Sgd:
        if self.nesterov and self.momentum == 0:
            raise Misfit(("nesterov",), "is true, but Nesterov's method needs a momentum above 0")
        return self


class _AdamLike(Part):
    lr: LearningRate
    betas: tuple[Annotated[float, Field(ge=0, lt=1)], Annotated[float, Field(ge=0, lt=1)]] = (0.9, 0.999)
    eps: float = Field(default=1e-8, gt=0)
    weight_decay: float = Field(default=0, ge=0)


class Adam(_AdamLike):
    """Adam (Kingma and Ba, 2015)."""

    kind: Literal["adam"] = "adam"


class AdamW(_AdamLike):
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019)."""

    kind: Literal["adamw"] = "adamw"
    weight_decay: float = Field(default=0.01, ge=0)


Optimizer = Annotated[Sgd | Adam | AdamW, Field(discriminator="kind")]


class Constant(Part):
    """The optimizer's learning rate throughout."""

    kind: Literal["constant"] = "constant"


class Exponential(Part):
    """The learning rate times `gamma` after every epoch (question cd26)."""

    kind: Literal["exponential"] = "exponential"
    gamma: float = Field(gt=0, le=1)


class Cosine(Part):
    """Half a cosine from the optimizer's learning rate to 0 over all epochs, epoch by epoch (question cd28)."""

    kind: Literal["cosine"] = "cosine"


Schedule = Annotated[Constant | Exponential | Cosine, Field(discriminator="kind")]
