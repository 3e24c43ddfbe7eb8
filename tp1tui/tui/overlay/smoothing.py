"""Curves smoothed as W&B and TensorBoard smooth them: an exponential moving average, corrected for its start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

from tp1tui.spec.results import Line

WEIGHTS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
"""What a smoothed value keeps of the one before it, from none to much."""


def smoothed(values: Iterable[float], weight: float) -> Iterator[float]:
    """The exponential moving average with bias correction.

    With v the n-th finite value, m <- weight m + (1 - weight) v from m = 0, and m / (1 - weight^n) is the n-th smoothed
    one: the correction of Adam (Kingma and Ba, 2015, section 3), which TensorBoard and W&B use too. What is not finite
    stays as it is and changes no other value.

    Args:
        values: In the order of time.
        weight: From 0, which changes nothing, to below 1.
    """
    total = known = 0.0
    for value in values:
        if not isfinite(value):
            yield value
            continue
        total = weight * total + (1 - weight) * value
        known = weight * known + (1 - weight)
        yield total / known


def smoothed_line(line: Line, weight: float) -> Line:
    """A line smoothed; its spread, where it has one, is drawn around the smoothed values."""
    return line if weight == 0 else line.model_copy(update={"y": tuple(smoothed(line.y, weight))})


def wider(weight: float) -> float:
    """The next weight that smooths more; the same where there is none."""
    return next((other for other in WEIGHTS if other > weight), weight)


def narrower(weight: float) -> float:
    """The next weight that smooths less; the same where there is none."""
    return next((other for other in reversed(WEIGHTS) if other < weight), weight)
