"""Images of noise: what they show costs no time."""

from __future__ import annotations

import numpy as np

from tp1tui.data.arrays import Examples

TRAIN = 50_000
"""As many as CIFAR-10 has."""


def noise(test: int) -> Examples:
    """Training images like CIFAR-10's, and so many test images."""
    draws = np.random.default_rng(0)
    return Examples(
        draws.integers(0, 256, (TRAIN, 32, 32, 3), dtype=np.uint8),
        draws.integers(0, 10, TRAIN, dtype=np.uint8),
        draws.integers(0, 256, (test, 32, 32, 3), dtype=np.uint8),
        draws.integers(0, 10, test, dtype=np.uint8),
        {},
    )
