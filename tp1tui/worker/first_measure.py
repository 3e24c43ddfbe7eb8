"""How far the measuring of the untrained network is (question cd17): seconds on a CPU, before the first step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import nn

from tp1tui.engine.training import Training

TELL_EVERY = 0.25
"""Seconds between two lines about it."""


@contextmanager
def told_how_far(training: Training, tell: Callable[[str], None]) -> Iterator[None]:
    """Count what goes through the network meanwhile; the first batch is told at once.

    Args:
        training: Whose network is measured.
        tell: What to do with a sentence; what it raises ends the measuring.
    """
    total, done, told_at = _examples(training), 0, float("-inf")

    def count(_network: nn.Module, _inputs: tuple[torch.Tensor, ...], logits: torch.Tensor) -> None:
        nonlocal done, told_at
        done += len(logits)
        now = time.monotonic()
        if now - told_at >= TELL_EVERY:
            told_at = now
            tell(f"measuring the untrained network: {done:,} of {total:,} examples")

    handle = training.model.register_forward_hook(count)
    try:
        yield
    finally:
        handle.remove()


def _examples(training: Training) -> int:
    """What epoch 0 is measured on: as many training examples as there are for testing, and the other sets whole."""
    data = training.data
    many = min(len(data.train), len(data.test)) + len(data.test)
    if training.experiment.clean_train:
        many += len(data.train)
    return many + (len(data.validation) if data.validation else 0)
