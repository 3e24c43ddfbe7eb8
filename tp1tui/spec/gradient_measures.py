"""Measures of gradients: what they cost, what they come through, and whether those by hand are right (ab12 to ab17)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.measure_part import MeasurePart, Needs
from tp1tui.spec.part import Count

TensorName = Literal["loss", "ytilde", "Wy", "by", "htilde", "Wh", "bh"]
"""Of the subject: the loss itself, and what it is differentiated by, from the output back to the input."""
TENSORS: tuple[TensorName, ...] = ("loss", "ytilde", "Wy", "by", "htilde", "Wh", "bh")
Depth = Annotated[int, Field(ge=1, le=256)]
"""Layers."""
Width = Annotated[int, Field(ge=2, le=4096)]
"""Units of each layer."""


class GradientCost(MeasurePart):
    """Time and multiply-adds of gradients by finite differences and by backpropagation, as networks grow (ab12)."""

    kind: Literal["gradient-cost"] = "gradient-cost"
    depths: tuple[Depth, ...] = Field(default=(1, 2, 4, 8, 16, 32), min_length=3, max_length=12)
    """Of the networks that grow in depth."""
    width: Width = 32
    """Of the networks that grow in depth."""
    widths: tuple[Width, ...] = Field(default=(32, 64, 128, 256, 512, 1024), min_length=3, max_length=12)
    """Of the networks that grow in width."""
    depth: Depth = 2
    """Of the networks that grow in width."""
    examples: Annotated[int, Field(ge=1, le=10_000)] = 50
    """In the batch whose loss is differentiated."""

    @model_validator(mode="after")
    def _growing(self) -> GradientCost:
        for key in ("depths", "widths"):
            sizes = getattr(self, key)
            for place in range(1, len(sizes)):
                if sizes[place] <= sizes[place - 1]:
                    problem = f"is {sizes[place]}, but must be above the {sizes[place - 1]} before it"
                    raise Misfit((key, place), problem)
        return self


class Argmax(MeasurePart):
    """What is left of a gradient behind softmax, and behind argmax (ab13)."""

    needs: ClassVar[Needs] = "training"

    kind: Literal["argmax"] = "argmax"
    reach: Annotated[float, Field(gt=0, le=1000)] = 3.0
    """How far one weight is moved either way."""


class Gradients(MeasurePart):
    """Every gradient by hand against autograd and against central differences, in float64 (ab14 to ab17)."""

    needs: ClassVar[Needs] = "data"

    kind: Literal["gradients"] = "gradients"
    tensors: tuple[TensorName, ...] = Field(default=TENSORS, min_length=1)
    """Which are checked; "loss" holds the two forms of the loss against each other."""
    points: Count = 10
    """Examples in the batch, the first of the training set."""

    @model_validator(mode="after")
    def _each_once(self) -> Gradients:
        for place, tensor in enumerate(self.tensors):
            if tensor in self.tensors[:place]:
                raise Misfit(("tensors", place), f"is {tensor} a second time; each may stand once")
        return self
