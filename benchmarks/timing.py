"""How long a step takes, the device's work included."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import torch


def seconds_a_step(step: Callable[[], None], steps: int) -> float:
    """Mean over so many steps, after one that is not timed."""
    step()
    wait()
    began = perf_counter()
    for _ in range(steps):
        step()
    wait()
    return (perf_counter() - began) / steps


def wait() -> None:
    """Until the device has done all that it was given."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
