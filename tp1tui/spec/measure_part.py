"""What every kind of measure is: its fields are the knobs that a person may turn."""

from __future__ import annotations

from typing import ClassVar, Literal

from tp1tui.spec.part import Part

Needs = Literal["nothing", "network", "data", "training"]
"""Of the preset's experiment: nothing at all, its layers, also its dataset, or all of it, trained to the end first."""


class MeasurePart(Part):
    """One kind of measure."""

    needs: ClassVar[Needs] = "nothing"
    instant: ClassVar[bool] = False
    """Whether it is arithmetic alone, so that the bench shows its results while fields are typed."""
