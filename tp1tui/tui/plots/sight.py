"""What part of a plot is looked at, and how finely: what whoever makes the curves is told."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

Range = tuple[float, float]
"""(low, high) along an axis."""
EVERY_POINT = 1 << 60
"""Dots that tell apart whatever there is."""


@dataclass(frozen=True)
class Sight:
    """A stretch of the x axis, and how many places in it can be told apart."""

    dots: int
    """From the left end of what is looked at to its right one."""
    x: Range | None = None
    """In the data's units; None for the whole plot."""

    @classmethod
    def at(cls, x: float) -> Sight:
        """One place, every point there and the nearest on either side."""
        return cls(EVERY_POINT, (x, x))

    @classmethod
    def of_all(cls, x: Range | None = None) -> Sight:
        """Every point of the whole plot, or of a stretch of it."""
        return cls(EVERY_POINT, x)

    def slice_of(self, places: Sequence[float]) -> slice:
        """Which of some places, in rising order, are looked at: those within, and one more at either end."""
        low, high = self.x or (-inf, inf)
        return slice(max(0, bisect_left(places, low) - 1), bisect_right(places, high) + 1)
