"""How far the measuring of the untrained network is (question cd17): seconds on a CPU."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import nn

from tp1tui.engine.first_steps import measured_at_first
from tp1tui.engine.training import Training

TELL_EVERY = 0.25
"""Seconds between two lines about it."""


class FirstMeasure:
    """Counts what has gone through the untrained network, and has it told a few times a second."""

    def __init__(self, training: Training, tell: Callable[[int, int], None]) -> None:
        """Begin with nothing measured.

        Args:
            training: Whose network is measured.
            tell: Called with how many examples are measured, and of how many; what it raises ends the measuring.
        """
        self._network = training.model
        self._total, self._done = measured_at_first(training), 0
        self._tell = tell
        self._told_at = float("-inf")

    def add(self, examples: int) -> None:
        """So many more are measured; the first ones are told at once."""
        self._done += examples
        now = time.monotonic()
        if now - self._told_at >= TELL_EVERY:
            self._told_at = now
            self._tell(self._done, self._total)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Whatever goes through the training's own network meanwhile is measured."""

        def count(_network: nn.Module, _inputs: tuple[torch.Tensor, ...], logits: torch.Tensor) -> None:
            self.add(len(logits))

        handle = self._network.register_forward_hook(count)
        try:
            yield
        finally:
            handle.remove()
