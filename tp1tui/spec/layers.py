"""The layers a network may be made of. A new kind is one class here and one builder in `tp1tui.engine.model`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tp1tui.spec.part import Count, Part

Padding = Annotated[int, Field(ge=0, le=1_000_000)]
"""Pixels of zeros added on each side."""


class _Layer(Part):
    name: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    """How tables and `--set model.layers.NAME.…` call it; kind and number when left out."""


class Conv(_Layer):
    """A 2-d convolution: `filters` kernels of `kernel` x `kernel` pixels over all input channels."""

    kind: Literal["conv"] = "conv"
    filters: Count
    kernel: Count
    stride: Count = 1
    padding: Padding = 0
    bias: bool = True


class Linear(_Layer):
    """An affine map onto `features` outputs."""

    kind: Literal["linear"] = "linear"
    features: Count
    bias: bool = True


class _Pool(_Layer):
    kernel: Count
    stride: Count | None = None
    """The kernel's size when left out."""
    padding: Padding = 0
    ceil: bool = False
    """Round the output size up instead of down, so that a partial window at the border counts."""


class MaxPool(_Pool):
    """The largest value of each window."""

    kind: Literal["maxpool"] = "maxpool"


class AvgPool(_Pool):
    """The mean of each window."""

    kind: Literal["avgpool"] = "avgpool"


class Flatten(_Layer):
    """[C, H, W] laid out as one vector of C·H·W."""

    kind: Literal["flatten"] = "flatten"


class Relu(_Layer):
    """max(0, x)."""

    kind: Literal["relu"] = "relu"


class Tanh(_Layer):
    """The hyperbolic tangent."""

    kind: Literal["tanh"] = "tanh"


class Sigmoid(_Layer):
    """1 / (1 + exp(-x))."""

    kind: Literal["sigmoid"] = "sigmoid"


class Identity(_Layer):
    """x itself: what is left of a network without activations (question ab03)."""

    kind: Literal["identity"] = "identity"


class Dropout(_Layer):
    """The place of dropout; whether it acts, and with which p, is the experiment's `[dropout]`."""

    kind: Literal["dropout"] = "dropout"


class BatchNorm(_Layer):
    """The place of batch normalization; whether it is built is the experiment's `[batchnorm]`."""

    kind: Literal["batchnorm"] = "batchnorm"


Layer = Annotated[
    Conv | Linear | MaxPool | AvgPool | Flatten | Relu | Tanh | Sigmoid | Identity | Dropout | BatchNorm,
    Field(discriminator="kind"),
]


def layer_names(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """One name a layer: its own, or its kind with the number of its place in the list, counted from 1."""
    return tuple(layer.name or f"{layer.kind}{place}" for place, layer in enumerate(layers, start=1))
