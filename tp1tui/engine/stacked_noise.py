"""Dropout for several networks at once: each member's factors from its own generator, as it would draw them alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.nn import functional as F


def noise(shape: torch.Size, like: Tensor, p: float, generator: torch.Generator) -> Tensor:
    """What torch's dropout multiplies a member's activations with: 0 with probability p, else 1 / (1 - p).

    The very numbers that dropout draws alone in the state that the generator is in, which it leaves as dropout would.

    Args:
        shape: [B, F] or [B, C, H, W] of one member.
        like: Of the device and dtype.
        p: From 0 to below 1; with 0, nothing is drawn.
        generator: Of that device.
    """
    layout = torch.channels_last if len(shape) == 4 else torch.contiguous_format
    factors = torch.ones(shape, dtype=like.dtype, device=like.device).contiguous(memory_format=layout)
    if not p:
        return factors
    if like.device.type == "cuda":
        with _drawing_from(generator, like.device):
            return F.dropout(factors, p)
    return factors.bernoulli_(1 - p, generator=generator).div_(1 - p)


def stacked_noise(x: Tensor, ps: Sequence[float], generators: Sequence[torch.Generator]) -> Tensor | None:
    """The factors of all members for what enters a dropout layer; None where all of them are 1.

    Args:
        x: [M, B, F] or [B, M·C, H, W].
        ps: Each member's probability.
        generators: Each member's own.
    """
    if not any(ps):
        return None
    members = len(ps)
    shape = x.shape[1:] if x.dim() == 3 else torch.Size((x.shape[0], x.shape[1] // members, *x.shape[2:]))
    drawn = [noise(shape, x, p, generator) for p, generator in zip(ps, generators, strict=True)]
    return torch.stack(drawn) if x.dim() == 3 else torch.cat(drawn, dim=1)


@contextmanager
def _drawing_from(generator: torch.Generator, device: torch.device) -> Iterator[None]:
    """Let a GPU's kernels draw from a generator in the place of the device's own; both keep what they have come to."""
    everybody = torch.cuda.default_generators[device.index or 0]
    before = everybody.graphsafe_get_state()
    everybody.graphsafe_set_state(generator)
    try:
        yield
    finally:
        everybody.graphsafe_set_state(before)
