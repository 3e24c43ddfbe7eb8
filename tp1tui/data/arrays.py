"""The four arrays of a dataset, and the examples that an experiment takes from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tp1tui.data.entry import ArrayName

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Arrays:
    """A whole dataset of images."""

    train_images: Bytes
    """uint8 [N, H, W, C]."""
    train_labels: Bytes
    """uint8 [N], the number of each image's class."""
    test_images: Bytes
    test_labels: Bytes

    def by_name(self) -> dict[ArrayName, Bytes]:
        """The arrays in the order of ARRAY_NAMES."""
        return {
            "train_images": self.train_images,
            "train_labels": self.train_labels,
            "test_images": self.test_images,
            "test_labels": self.test_labels,
        }


@dataclass(frozen=True)
class Examples:
    """What an experiment trains and tests on."""

    train_inputs: Bytes | npt.NDArray[np.float16] | npt.NDArray[np.float32]
    """Images as uint8 [N, H, W, C], whitened ones as float16 [N, H, W, C], or points as float32 [N, F]."""
    train_labels: Bytes
    """uint8 [N], the number of each example's class."""
    test_inputs: Bytes | npt.NDArray[np.float16] | npt.NDArray[np.float32]
    test_labels: Bytes
    digests: dict[str, str]
    """SHA-256 of each whole array that the examples come from, by name."""

    def first(self, train: int | None, test: int | None) -> Examples:
        """The first so many examples of each; None takes all of them."""
        return Examples(
            self.train_inputs[:train],
            self.train_labels[:train],
            self.test_inputs[:test],
            self.test_labels[:test],
            self.digests,
        )
