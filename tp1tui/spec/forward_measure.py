"""The measure of one forward pass, number by number (question ab07)."""

from __future__ import annotations

from typing import ClassVar, Literal

from tp1tui.spec.measure_part import MeasurePart, Needs
from tp1tui.spec.part import Count


class Forward(MeasurePart):
    """The forward pass of one example at the first weights, every intermediate with its formula (ab07)."""

    needs: ClassVar[Needs] = "data"

    kind: Literal["forward"] = "forward"
    example: Count = 1
    """Which of the training set, from 1."""
