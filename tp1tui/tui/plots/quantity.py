"""What lies up a plot: its name, its unit, and how one figure of it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from tp1tui.spec.numbers import loss, percent
from tp1tui.tui.plots.axis import number


def figure(value: float | None) -> str:
    """0.12345678 as 0.123457: what nothing more is known of; a dash where there is none."""
    return "–" if value is None or not isfinite(value) else number(value)


@dataclass(frozen=True)
class Quantity:
    """What a y axis measures."""

    name: str = ""
    unit: str = ""
    write: Callable[[float | None], str] = figure
    """With its unit, as a read-out has it; a dash for None."""

    @property
    def named(self) -> str:
        """As an axis is labelled: `top-1 (%)`."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


ANYTHING = Quantity()
LOSS = Quantity("loss", write=loss)
TOP1 = Quantity("top-1", "%", percent)
