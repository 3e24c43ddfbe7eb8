"""Mean and standard deviation of a few figures, of which any may be NaN or infinite."""

from __future__ import annotations

import math
from collections.abc import Sequence


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing, NaN when one of them is NaN."""
    return sum(values) / len(values) if values else None


def deviation(values: Sequence[float]) -> float | None:
    """The standard deviation of what the values are a sample of (n - 1 in the denominator); None of fewer than two."""
    middle = mean(values)
    if middle is None or len(values) < 2:
        return None
    return math.sqrt(sum((value - middle) * (value - middle) for value in values) / (len(values) - 1))
