"""Measures of a vision transformer: its steps one by one, what tokens cost, where it looks (part E)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.measure_part import MeasurePart, Needs
from tp1tui.spec.part import Count

TransformerPart = Literal["patches", "mlp", "attention", "heads", "block"]
"""Of the subject, in the order of questions e01 to e05."""
Copies = Annotated[int, Field(ge=1, le=64)]
"""Of the dataset's image along a side."""


class TransformerSteps(MeasurePart):
    """One part of the untrained network, step by step on one image, and checked against torch's own (e01 to e05)."""

    needs: ClassVar[Needs] = "data"

    kind: Literal["transformer-steps"] = "transformer-steps"
    part: TransformerPart = "attention"
    image: Count = 1
    """Which of the test images goes through, from 1."""


class TokenCost(MeasurePart):
    """Time and memory of a training step against the number of tokens (e07)."""

    needs: ClassVar[Needs] = "network"

    kind: Literal["token-cost"] = "token-cost"
    copies: tuple[Copies, ...] = Field(default=(1, 2, 3, 4, 6, 8), min_length=4, max_length=12)
    """Images of so many times the dataset's side, cut into patches of the same size."""
    images: Annotated[int, Field(ge=1, le=1024)] = 4
    """In a batch."""

    @model_validator(mode="after")
    def _growing(self) -> TokenCost:
        for place in range(1, len(self.copies)):
            if self.copies[place] <= self.copies[place - 1]:
                problem = f"is {self.copies[place]}, but must be above the {self.copies[place - 1]} before it"
                raise Misfit(("copies", place), problem)
        return self


class AttentionMaps(MeasurePart):
    """The trained network's attention, block by block and head by head, over the picture that it reads (e07)."""

    needs: ClassVar[Needs] = "training"

    kind: Literal["attention-maps"] = "attention-maps"
    image: Count = 1
    """Which of the test images is read, from 1."""
