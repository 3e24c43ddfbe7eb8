"""The four arrays of a dataset, and the examples that an experiment takes from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tp1tui.data.entry import ArrayName

Bytes = npt.NDArray[np.uint8]
Inputs = Bytes | npt.NDArray[np.float16] | npt.NDArray[np.float32]


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

    train_inputs: Inputs
    """Images as uint8 [N, H, W, C], whitened ones as float16 [N, H, W, C], or points as float32 [N, F]."""
    train_labels: Bytes
    """uint8 [N], the number of each example's class."""
    test_inputs: Inputs
    test_labels: Bytes
    digests: dict[str, str]
    """SHA-256 of each whole array that the examples come from, by name."""
    validation_inputs: Inputs | None = None
    """Held out of the training set; None where nothing is."""
    validation_labels: Bytes | None = None

    def first(self, train: int | None, test: int | None) -> Examples:
        """The first so many training and test examples; None takes all of them."""
        return replace(
            self,
            train_inputs=self.train_inputs[:train],
            train_labels=self.train_labels[:train],
            test_inputs=self.test_inputs[:test],
            test_labels=self.test_labels[:test],
        )
