"""Crops and mirror images: which pixel comes from where, so that any number of them are one gather."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from tp1tui.data.draws import Epoch, PixelDraws
from tp1tui.spec.augmentation import Crop, Mirror, VerticalMirror

PlacingStep = Crop | Mirror | VerticalMirror


@dataclass(frozen=True)
class Placing(PixelDraws):
    """Where each pixel of each augmented image comes from."""

    rows: Tensor
    """int64 [N, h]: source rows, from below where the image is upside down; outside the image where it is padded."""
    columns: Tensor
    """int64 [N, w]: source columns, from right to left where the image is mirrored."""
    padded: bool
    """Whether there may be places outside the image, which are zero."""

    def cut(self, images: Tensor, which: Tensor, span: slice) -> Tensor:
        """One batch in a single gather.

        Args:
            images: [N, H, W, C] of any dtype.
            which: int64 [B], the images to take.
            span: Their places in the epoch.

        Returns:
            [B, h, w, C] of the same dtype.
        """
        rows, columns = self.rows[span], self.columns[span]
        if not self.padded:
            return _taken(images, which, rows, columns)
        last_row, last_column = images.shape[1] - 1, images.shape[2] - 1
        taken = _taken(images, which, rows.clamp(0, last_row), columns.clamp(0, last_column))
        row_inside = ((rows >= 0) & (rows <= last_row))[:, :, None]
        column_inside = ((columns >= 0) & (columns <= last_column)).repeat_interleave(taken.shape[3], 1)[:, None]
        return (taken.flatten(2) * row_inside * column_inside).view(taken.shape)

    def apply(self, pixels: Tensor, span: slice) -> Tensor:
        """Place a batch that is changed already."""
        which = torch.arange(len(pixels), device=pixels.device)
        return self.cut(pixels.permute(0, 2, 3, 1), which, span).permute(0, 3, 1, 2)


def draw_placing(steps: Sequence[PlacingStep], size: tuple[int, int], epoch: Epoch) -> Placing:
    """Draw crops and mirror images; those that are not among the steps are left out.

    Args:
        steps: At most one of each kind.
        size: Height and width of the images.
        epoch: Which is drawn.
    """
    height, width = size
    crop = next((step for step in steps if isinstance(step, Crop)), None)
    crop_height, crop_width, padding = (crop.size, crop.size, crop.padding) if crop else (height, width, 0)
    draws = epoch.generator("crop")
    top = torch.randint(height + 2 * padding - crop_height + 1, (epoch.count, 1), generator=draws) - padding
    left = torch.randint(width + 2 * padding - crop_width + 1, (epoch.count, 1), generator=draws) - padding
    rows = top.to(epoch.device) + torch.arange(crop_height, device=epoch.device)
    columns = left.to(epoch.device) + torch.arange(crop_width, device=epoch.device)
    for step in steps:
        if isinstance(step, Mirror):
            columns = _turned(columns, epoch.chance(step.p, epoch.generator("mirror")).to(epoch.device))
        elif isinstance(step, VerticalMirror):
            rows = _turned(rows, epoch.chance(step.p, epoch.generator("vertical-mirror")).to(epoch.device))
    return Placing(rows, columns, padded=padding > 0)


def centre(images: Tensor, size: int) -> Tensor:
    """The square of `size` pixels in the middle of images [..., H, W, C], zeros where it is larger than they are."""
    height, width = images.shape[-3:-1]
    top, left = (height - size) // 2, (width - size) // 2
    margins = (0, 0, -left, size + left - width, -top, size + top - height)
    return torch.nn.functional.pad(images, margins)


def _taken(images: Tensor, which: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    return images[which[:, None, None], rows[:, :, None], columns[:, None, :]]


def _turned(places: Tensor, chosen: Tensor) -> Tensor:
    return torch.where(chosen[:, None], places.flip(1), places)
