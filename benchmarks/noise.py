"""Images of noise: what they show costs no time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np

from tp1tui import settings
from tp1tui.data.arrays import Examples
from tp1tui.data.download import Report
from tp1tui.data.load import load
from tp1tui.data.store import Store
from tp1tui.spec.dataset import Cifar10, Dataset

TRAIN, TEST = 50_000, 10_000
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


def has_cifar10() -> bool:
    """Whether this machine has the images themselves."""
    return Store(settings.data_dir()).is_complete("cifar10")


def real_or_noise(dataset: Dataset, seed: int, store: Store, report: Report) -> Examples:
    """As `tp1tui.data.load.load`, but noise in the place of CIFAR-10 where nothing could be fetched."""
    if isinstance(dataset, Cifar10) and not store.is_complete("cifar10"):
        return noise(TEST).first(dataset.train_examples, dataset.test_examples)
    return load(dataset, seed, store, report)


@contextmanager
def noise_where_missing() -> Iterator[None]:
    """Meanwhile workers in this process train on noise where CIFAR-10 is not at hand."""
    with patch("tp1tui.worker.prepare.load", real_or_noise):
        yield
