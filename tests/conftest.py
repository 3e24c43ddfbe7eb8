"""What all tests share: the processors of the machine, and the real datasets for tests marked `real_data`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests import forked
from tp1tui import settings
from tp1tui.data.errors import DatasetError
from tp1tui.data.fetch import fetch
from tp1tui.data.store import Store
from tp1tui.spec.dataset import DatasetKind
from tp1tui.worker import launcher

if "PYTEST_XDIST_WORKER" in os.environ:  # as many processes as processors: each, and what it starts, has one
    os.environ.setdefault("OMP_NUM_THREADS", "1")

OWN_DATA = settings.data_dir()
"""The person's own, which tests that have another meanwhile share: what was fetched once is not fetched again."""


@pytest.fixture(autouse=True)
def tiny_numbers() -> Iterator[None]:
    """Numbers below 1e-308 are numbers again, where a test has set its own process up for training."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Networks as small as tests train lose more by waiting for a second thread than they win."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def forked_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workers that the launcher starts in this process are forked from one that has torch: each saves seconds."""
    monkeypatch.setattr(launcher, "spawn", forked.start)
    yield
    forked.end_all_started()


@pytest.fixture(scope="session")
def real_cifar10() -> Store:
    """The person's own store, with CIFAR-10 in it; fetched once, skipped where it cannot be had."""
    return _store_with("cifar10")


@pytest.fixture(scope="session")
def real_mnist() -> Store:
    """The person's own store, with MNIST in it; fetched once, skipped where it cannot be had."""
    return _store_with("mnist")


def _store_with(kind: DatasetKind) -> Store:
    store = Store(OWN_DATA)
    try:
        fetch(kind, store, lambda progress: None)
    except DatasetError as error:
        if os.environ.get("CI") == "true":  # there, real data must be had
            pytest.fail(str(error))
        pytest.skip(str(error))
    return store
