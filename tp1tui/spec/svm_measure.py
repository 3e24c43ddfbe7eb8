"""The measure of support vector machines on points of the plane (question ab2.6)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.measure_part import MeasurePart, Needs

Positive = Annotated[float, Field(gt=0, le=1e6)]


class Svm(MeasurePart):
    """SVMs with a linear, a polynomial and an RBF kernel (ab2.6)."""

    needs: ClassVar[Needs] = "data"

    kind: Literal["svm"] = "svm"
    cost: Positive = 1.0
    """Of an example on the wrong side of its margin, C."""
    degree: Annotated[int, Field(ge=1, le=10)] = 2
    """Of the polynomial kernel, (x·z + 1) to that power."""
    gamma: Positive = 1.0
    """Of the RBF kernel, exp(-gamma |x - z|²)."""
    costs: tuple[Positive, ...] = Field(default=(0.01, 0.1, 1.0, 10.0, 100.0), min_length=1, max_length=12)
    """Of the table that tries RBF kernels."""
    gammas: tuple[Positive, ...] = Field(default=(0.01, 0.1, 1.0, 10.0, 100.0), min_length=1, max_length=12)
    """Of the same table."""

    @model_validator(mode="after")
    def _each_once(self) -> Svm:
        for key in ("costs", "gammas"):
            values = getattr(self, key)
            for place, value in enumerate(values):
                if value in values[:place]:
                    raise Misfit((key, place), f"is {value:g} a second time; each may stand once")
        return self
