"""Points of the plane: a disc within a ring (parts A-B of the subject)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tp1tui.data.arrays import Bytes, Examples
from tp1tui.data.digests import sha256_of
from tp1tui.spec.dataset import FACTS

DISC, RING = 0, 1
"""Labels, in the order of the class names."""


def circles(seed: int) -> Examples:
    """Draw the training and the test points.

    Radii are normal, cut by drawing again: the disc's about 0.39 with deviation 0.16 within 0 and 0.74, the ring's
    about 1.03 with 0.22 within 0.50 and 1.73. Angles are uniform.

    Args:
        seed: Of the experiment; the same seed gives the same points on every machine.

    Returns:
        200 points float32 [200, 2] for training and 200 for testing, half of each class, shuffled.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    facts = FACTS["circles"]
    train_inputs, train_labels = _points(draw, facts.train)
    test_inputs, test_labels = _points(draw, facts.test)
    digests = {
        "train_inputs": sha256_of(train_inputs),
        "train_labels": sha256_of(train_labels),
        "test_inputs": sha256_of(test_inputs),
        "test_labels": sha256_of(test_labels),
    }
    return Examples(train_inputs, train_labels, test_inputs, test_labels, digests)


def _points(draw: np.random.Generator, count: int) -> tuple[npt.NDArray[np.float32], Bytes]:
    each = count // 2
    radii = np.concatenate([_radii(draw, each, 0.39, 0.16, 0.0, 0.74), _radii(draw, each, 1.03, 0.22, 0.50, 1.73)])
    angles = draw.uniform(0, 2 * np.pi, count)
    points = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1).astype(np.float32)
    labels = np.repeat(np.array([DISC, RING], np.uint8), each)
    order = draw.permutation(count)
    return points[order], labels[order]


def _radii(
    draw: np.random.Generator, count: int, mean: float, deviation: float, low: float, high: float
) -> npt.NDArray[np.float64]:
    radii = draw.normal(mean, deviation, count)
    while len(outside := np.flatnonzero((radii < low) | (radii > high))):
        radii[outside] = draw.normal(mean, deviation, len(outside))
    return radii
