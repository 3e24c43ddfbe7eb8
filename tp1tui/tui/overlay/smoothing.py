"""Curves smoothed as W&B and TensorBoard smooth them: an exponential moving average, corrected for its start."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, nan

from tp1tui.spec.results import Line

WEIGHTS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
"""What a smoothed value keeps of the one before it, from none to much."""


class Average:
    """The exponential moving average with bias correction, value after value.

    With v the n-th finite value, m <- weight m + (1 - weight) v from m = 0, and m / (1 - weight^n) is the n-th smoothed
    one: the correction of Adam (Kingma and Ba, 2015, section 3), which TensorBoard and W&B use too. What is not finite
    stays as it is and changes no other value.
    """

    def __init__(self, weight: float) -> None:
        """Begin before the first value.

        Args:
            weight: From 0, which changes nothing, to below 1.
        """
        self.latest = nan
        """The average after the last value; NaN before the first."""
        self._weight = weight
        self._total = self._known = 0.0

    def after(self, value: float) -> float:
        """The average after one more value."""
        self.latest = value
        if isfinite(value):
            self._total = self._weight * self._total + (1 - self._weight) * value
            self._known = self._weight * self._known + (1 - self._weight)
            self.latest = self._total / self._known
        return self.latest


def smoothed(values: Iterable[float], weight: float) -> list[float]:
    """The averages after each of some values, in the order of time (see `Average`)."""
    average = Average(weight)
    return [average.after(value) for value in values]


def smoothed_line(line: Line, weight: float) -> Line:
    """A line smoothed; its spread, where it has one, is drawn around the smoothed values."""
    return line if weight == 0 else line.model_copy(update={"y": tuple(smoothed(line.y, weight))})


def wider(weight: float) -> float:
    """The next weight that smooths more; the same where there is none."""
    return next((other for other in WEIGHTS if other > weight), weight)


def narrower(weight: float) -> float:
    """The next weight that smooths less; the same where there is none."""
    return next((other for other in reversed(WEIGHTS) if other < weight), weight)
