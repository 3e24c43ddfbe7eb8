"""Curves smoothed as W&B and TensorBoard smooth them: an exponential moving average, corrected for its start."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import isfinite, nan
from operator import truediv

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

    def after(self, values: Sequence[float]) -> list[float]:
        """The averages after each of some more values, in the order of time."""
        if not isfinite(sum(values)):
            return [average for value in values for average in self._after_one(value)]
        kept, added = self._weight, 1 - self._weight
        totals = list(accumulate(values, lambda total, value: kept * total + added * value, initial=self._total))
        knowns = list(accumulate(values, lambda known, _: kept * known + added, initial=self._known))
        self._total, self._known = totals[-1], knowns[-1]
        averages = list(map(truediv, totals[1:], knowns[1:]))
        self.latest = averages[-1] if averages else self.latest
        return averages

    def _after_one(self, value: float) -> list[float]:
        """The same of one value, which may be no number."""
        if isfinite(value):
            return self.after((value,))
        self.latest = value
        return [value]


def smoothed(values: Sequence[float], weight: float) -> list[float]:
    """The averages after each of some values, in the order of time (see `Average`)."""
    return Average(weight).after(values)


def smoothed_line(line: Line, weight: float) -> Line:
    """A line smoothed; its spread, where it has one, is drawn around the smoothed values."""
    return line if weight == 0 else line.model_copy(update={"y": tuple(smoothed(line.y, weight))})


def wider(weight: float) -> float:
    """The next weight that smooths more; the same where there is none."""
    return next((other for other in WEIGHTS if other > weight), weight)


def narrower(weight: float) -> float:
    """The next weight that smooths less; the same where there is none."""
    return next((other for other in reversed(WEIGHTS) if other < weight), weight)
