"""RandAugment: for each image some of fourteen changes, all at one strength.

The images of a batch are sorted by what is to be done to them, so that each change is done once for all that want it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor

from tp1tui.data import colours
from tp1tui.data.draws import Epoch, PixelDraws, sorted_by_batch
from tp1tui.data.warping import resampled, warp_maps
from tp1tui.spec.augmentation import RandAugment

Operation = Callable[[Tensor, Tensor, float], Tensor]
"""(pixels [B, C, H, W], signs [B] of -1 and 1, strength 0 to 1) to the changed pixels."""

SLANT = 0.3
"""Largest, as a tangent."""
SHIFT = 0.45
"""Largest, as a share of the image's size."""
TURN = 30.0
"""Largest, in degrees."""
BLEND = 0.9
"""Largest distance of a factor from 1."""
LOST_BITS = 4
"""Most that posterize takes."""
STRONGEST = 30
"""The highest magnitude."""


@dataclass(frozen=True)
class RandomOperations(PixelDraws):
    """Which changes each image gets, and which way they go."""

    operations: Tensor
    """int64 [N, operations], numbers of OPERATIONS. On the CPU always, where it is counted how many want each."""
    order: Tensor
    """int64 [N, operations]: places within the batch, sorted by operation."""
    signs: Tensor
    """float32 [N, operations] of -1 and 1."""
    strength: float
    """Of all, 0 to 1."""

    @classmethod
    def of(cls, operations: Tensor, signs: Tensor, strength: float, batch_size: int) -> RandomOperations:
        """Sort the images of each batch, so that no batch has to wait for it while the device is at work."""
        order = [sorted_by_batch(each, batch_size) for each in operations.unbind(1)]
        return cls(operations, torch.stack(order, 1), signs, strength)

    def to(self, device: torch.device) -> Self:
        """The same on a device, but what is counted."""
        return replace(self, order=self.order.to(device), signs=self.signs.to(device))

    def apply(self, pixels: Tensor, span: slice) -> Tensor:
        """Change a batch, one operation after the other."""
        drawn = (self.operations[span].unbind(1), self.order[span].unbind(1), self.signs[span].unbind(1))
        for operations, order, signs in zip(*drawn, strict=True):
            counts = operations.bincount(minlength=len(OPERATIONS)).tolist()
            pieces = zip(OPERATIONS, pixels[order].split(counts), signs[order].split(counts), strict=True)
            changed = torch.cat([change(piece, sign, self.strength) for change, piece, sign in pieces if len(piece)])
            pixels = torch.empty_like(changed).index_copy_(0, order, changed)
        return pixels


def draw_operations(step: RandAugment, batch_size: int, epoch: Epoch) -> RandomOperations:
    """Draw an epoch's operations."""
    draws = epoch.generator("randaugment")
    shape = (epoch.count, step.operations)
    operations = torch.randint(len(OPERATIONS), shape, generator=draws)
    signs = torch.randint(2, shape, generator=draws) * 2.0 - 1
    return RandomOperations.of(operations, signs, step.magnitude / STRONGEST, batch_size)


def _identity(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return pixels


def _shear_x(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    degrees = torch.rad2deg(torch.atan(signs * strength * SLANT))
    return resampled(pixels, warp_maps(_size(pixels), shear_x=degrees))


def _shear_y(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    degrees = torch.rad2deg(torch.atan(signs * strength * SLANT))
    return resampled(pixels, warp_maps(_size(pixels), shear_y=degrees))


def _translate_x(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    pixels_right = (signs * strength * SHIFT * pixels.shape[3]).round()
    return resampled(pixels, warp_maps(_size(pixels), right=pixels_right))


def _translate_y(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    pixels_down = (signs * strength * SHIFT * pixels.shape[2]).round()
    return resampled(pixels, warp_maps(_size(pixels), down=pixels_down))


def _rotate(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return resampled(pixels, warp_maps(_size(pixels), angle=signs * strength * TURN))


def _brightness(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return colours.brightness(pixels, _factor(signs, strength))


def _colour(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return colours.saturation(pixels, _factor(signs, strength))


def _contrast(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return colours.contrast(pixels, _factor(signs, strength))


def _sharpness(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return colours.sharpness(pixels, _factor(signs, strength))


def _posterize(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return colours.posterize(pixels, 8 - round(strength * LOST_BITS))


def _solarize(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return colours.solarize(pixels, 1 - strength)


def _autocontrast(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return colours.autocontrast(pixels)


def _equalize(pixels: Tensor, signs: Tensor, strength: float) -> Tensor:
    return colours.equalize(pixels)


OPERATIONS: tuple[Operation, ...] = (
    _identity,
    _shear_x,
    _shear_y,
    _translate_x,
    _translate_y,
    _rotate,
    _brightness,
    _colour,
    _contrast,
    _sharpness,
    _posterize,
    _solarize,
    _autocontrast,
    _equalize,
)


def _factor(signs: Tensor, strength: float) -> Tensor:
    return (1 + signs * strength * BLEND).view(-1, 1, 1, 1)


def _size(pixels: Tensor) -> tuple[int, int]:
    return pixels.shape[2], pixels.shape[3]
