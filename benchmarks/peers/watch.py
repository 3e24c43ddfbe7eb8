"""What is noted of a peer while it trains, the same for all of them."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass, field

import psutil
import torch

from benchmarks.timing import wait


@dataclass(frozen=True)
class Figures:
    """Of one training, in its own process."""

    images_per_s: float
    """While training, evaluation left out; of the fastest epoch."""
    seconds_an_epoch: float
    """Training and evaluation; of the fastest epoch."""
    seconds_to_first_batch: float
    """From the start of the process to the end of the first update."""
    host_bytes: int
    """The most that the process and its helpers held, as the system counts it."""
    device_bytes: int
    """The most that torch held on the GPU, caches included; 0 without one."""
    test_top1: float
    """Percent, after the last epoch."""


@dataclass
class Watch:
    """A stopwatch that a peer's own hooks press."""

    train_images: int
    _began: float = 0.0
    _first_batch: float = 0.0
    _training: list[float] = field(default_factory=list)
    _epochs: list[float] = field(default_factory=list)
    _test_top1: float = float("nan")

    def epoch_begins(self) -> None:
        """Before the first batch of an epoch is asked for."""
        wait()
        self._began = time.perf_counter()

    def batch_done(self) -> None:
        """After each update; the first counts."""
        if not self._first_batch:
            wait()
            self._first_batch = time.time() - psutil.Process().create_time()

    def training_ends(self) -> None:
        """After the last update of an epoch."""
        wait()
        self._training.append(time.perf_counter() - self._began)

    def epoch_ends(self, test_top1: float) -> None:
        """After the evaluation that ends an epoch; its top-1 in percent."""
        wait()
        self._epochs.append(time.perf_counter() - self._began)
        self._test_top1 = test_top1

    def figures(self) -> Figures:
        """All that was seen; when the last epoch has ended."""
        return Figures(
            images_per_s=self.train_images / min(self._training),
            seconds_an_epoch=min(self._epochs),
            seconds_to_first_batch=self._first_batch,
            host_bytes=host_bytes(),
            device_bytes=device_bytes(),
            test_top1=self._test_top1,
        )


def host_bytes() -> int:
    """The most memory that this process has held; helpers that have ended (a loader's workers) add their own most."""
    unit = 1 if sys.platform == "darwin" else 1024
    own, helpers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + helpers) * unit


def device_bytes() -> int:
    """The most that torch has held on the GPU, what it keeps for later included; 0 without one.

    What recordings work in counts as free between two of their replays, but is nobody else's.
    """
    return torch.cuda.max_memory_reserved() if torch.cuda.is_available() else 0
