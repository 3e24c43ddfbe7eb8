"""What the tests of the data room share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.data.server import FileServer, file_server
from tp1tui.data.arrays import Examples
from tp1tui.data.download import Progress


@pytest.fixture
def server() -> Iterator[FileServer]:
    with file_server() as files:
        yield files


@pytest.fixture
def reports() -> list[Progress]:
    """Give `reports.append` where progress is reported to."""
    return []


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Eighty images of noise, as large as CIFAR-10's: 64 to train on, 16 to test on."""
    draws = np.random.default_rng(1)
    images = draws.integers(0, 256, (80, 32, 32, 3), dtype=np.uint8)
    labels = draws.integers(0, 10, 80, dtype=np.uint8)
    return Examples(images[:64], labels[:64], images[64:], labels[64:], {})
