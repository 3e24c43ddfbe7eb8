"""How a cost grows with a size: fits through what was measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The power of the size with which a cost grows: least squares through its points in log-log.

    Args:
        sizes: Above 0, not all equal.
        costs: Above 0, one a size.
    """
    slope, _ = np.polyfit(np.log(sizes), np.log(costs), 1)
    return float(slope)


def parabola(tokens: Sequence[float], costs: Sequence[float]) -> tuple[float, float, float]:
    """a, b, c of a + b·n + c·n² through costs over tokens: least squares of relative errors.

    Args:
        tokens: At least three different ones.
        costs: Above 0, one for each.
    """
    n, cost = np.asarray(tokens, float), np.asarray(costs, float)
    terms = np.stack([np.ones_like(n), n, n**2], axis=1)
    found, *_ = np.linalg.lstsq(terms / cost[:, None], np.ones_like(n), rcond=None)
    a, b, c = found.tolist()
    return a, b, c
