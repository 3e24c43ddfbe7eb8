"""What the subject's report found for a question."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.part import Part

Percent = Annotated[float, Field(ge=0, le=100)]


class Report(Part):
    """What the subject's report found, as ranges in percent of top-1."""

    train_top1: tuple[Percent, Percent] | None = None
    test_top1: tuple[Percent, Percent] | None = None
    epoch: int | None = Field(default=None, ge=0)
    """After how many epochs; the last one when left out."""
    text: str = ""
    """Anything else that was found, in our own words."""

    @model_validator(mode="after")
    def _low_to_high(self) -> Report:
        for name in ("train_top1", "test_top1"):
            bounds: tuple[float, float] | None = getattr(self, name)
            if bounds and bounds[0] > bounds[1]:
                raise Misfit((name,), f"runs from {bounds[0]:g} to {bounds[1]:g}; write the lower bound first")
        return self
