"""What every kind of augmentation has: numbers drawn for each image of an epoch, kept where the images are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Self

import torch
from torch import Tensor

from tp1tui.data.seeds import Purpose, generator

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Draws:
    """Tensors whose first axis counts the images of an epoch in the order of their use."""

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        return self._each(lambda draw: draw.to(device))

    def at(self, places: Tensor) -> Self:
        """Those of some images only, by their places in the epoch: int64 [B], where the draws are."""
        return self._each(lambda draw: draw.index_select(0, places))

    def tensors(self) -> Iterator[Tensor]:
        """All that is drawn, always in the same order."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Tensor):
                yield value
            elif isinstance(value, Draws):
                yield from value.tensors()

    def _each(self, change: Callable[[Tensor], Tensor]) -> Self:
        changed: dict[str, Tensor | Draws] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Tensor):
                changed[field.name] = change(value)
            elif isinstance(value, Draws):
                changed[field.name] = value._each(change)
        return replace(self, **changed)


@dataclass(frozen=True)
class PixelDraws(Draws):
    """A change of the pixels themselves, before standardization."""

    def apply(self, pixels: Tensor, span: slice) -> Tensor:
        """Change a batch.

        Args:
            pixels: float32 [B, C, H, W] in [0, 1], or whitened.
            span: Which images of the epoch they are, in the order of their use.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Epoch:
    """Which epoch is drawn, and for how many images."""

    seed: int
    number: int
    count: int
    device: torch.device = CPU
    """Where the draws are wanted. What is drawn is drawn on the CPU, and small; what is large is made of it there."""

    def generator(self, purpose: Purpose) -> torch.Generator:
        """Of one purpose's draws."""
        return generator(self.seed, self.number, purpose)

    def between(self, low: float, high: float, draws: torch.Generator) -> Tensor:
        """A number for each image, float32 [N], evenly from low to high."""
        return low + (high - low) * torch.rand(self.count, generator=draws)

    def chance(self, p: float, draws: torch.Generator) -> Tensor:
        """True for each image with probability p, bool [N]."""
        return torch.rand(self.count, generator=draws) < p


def sorted_by_batch(keys: Tensor, batch_size: int) -> Tensor:
    """Places within its batch in the rising order of their keys, batch by batch.

    Args:
        keys: Of each image of the epoch, [N]; of equal ones the first comes first.
        batch_size: Images a batch; the last one may have fewer.

    Returns:
        int64 [N].
    """
    whole = len(keys) - len(keys) % batch_size
    batches = keys[:whole].view(-1, batch_size).argsort(dim=1, stable=True).flatten()
    return torch.cat((batches, keys[whole:].argsort(stable=True)))
