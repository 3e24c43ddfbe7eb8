"""scikit-learn's digits: real images that come with the package."""

from __future__ import annotations

import numpy as np

from tp1tui.data.arrays import Arrays
from tp1tui.spec.dataset import FACTS


def digits() -> Arrays:
    """Read the digits out of scikit-learn, whose import takes a second or two.

    Returns:
        Images uint8 [N, 8, 8, 1], their 17 levels spread over 0 to 255: the first 1,297 for training, the last 500 for
        testing.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = np.rint(bunch.images * (255 / 16)).astype(np.uint8)[..., np.newaxis]
    labels = bunch.target.astype(np.uint8)
    train = FACTS["digits"].train
    return Arrays(images[:train], labels[:train], images[train:], labels[train:])
