"""Gradients the naive way: move one entry a little, see what becomes of the loss, move it back."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

STEP = 1e-5
"""Of float64 entries near 1: the formula is off by about STEP², rounding by about 1e-16 / STEP."""


def central_difference(loss: Callable[[], Tensor], tensor: Tensor, place: int, step: float = STEP) -> float:
    """The slope of a loss along one entry: (loss at x + h less loss at x - h) / 2h.

    Args:
        loss: A scalar that depends on the tensor; called twice.
        tensor: float64, contiguous; its entry is moved and put back.
        place: Of the entry, among all of them in a row.
        step: h.
    """
    entries = tensor.view(-1)
    here = entries[place].item()
    entries[place] = here + step
    above = loss().item()
    entries[place] = here - step
    below = loss().item()
    entries[place] = here
    return (above - below) / (2 * step)


def central_differences(loss: Callable[[], Tensor], tensor: Tensor, step: float = STEP) -> Tensor:
    """The same for every entry, in the tensor's shape."""
    slopes = [central_difference(loss, tensor, place, step) for place in range(tensor.numel())]
    return torch.tensor(slopes, dtype=tensor.dtype).view(tensor.shape)
