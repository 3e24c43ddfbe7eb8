"""Turns, shifts, sizes and slants: one bilinear resampling of a whole batch, each image by its own map."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from tp1tui.data.draws import Epoch, PixelDraws
from tp1tui.spec.augmentation import Affine, Rotation


@dataclass(frozen=True)
class Warp(PixelDraws):
    """Where each pixel of each image comes from, between pixels too."""

    maps: Tensor
    """float32 [N, 2, 3]: from places in the result to places in the source, both from -1 to 1 across the image."""

    def apply(self, pixels: Tensor, span: slice) -> Tensor:
        """Resample a batch, zeros where nothing was."""
        return resampled(pixels, self.maps[span])


def draw_warp(step: Rotation | Affine, size: tuple[int, int], epoch: Epoch) -> Warp:
    """Draw turns, or whole affine maps, for images of this height and width."""
    draws = epoch.generator(step.kind)
    angle = epoch.between(-step.degrees, step.degrees, draws)
    if isinstance(step, Rotation):
        return Warp(warp_maps(size, angle=angle))
    height, width = size
    return Warp(
        warp_maps(
            size,
            angle=angle,
            right=(step.translate * width * epoch.between(-1, 1, draws)).round(),
            down=(step.translate * height * epoch.between(-1, 1, draws)).round(),
            scale=epoch.between(*step.scale, draws),
            shear_x=epoch.between(-step.shear, step.shear, draws),
        )
    )


def resampled(pixels: Tensor, maps: Tensor) -> Tensor:
    """A batch [B, C, H, W] seen through its maps [B, 2, 3]."""
    grid = F.affine_grid(maps, list(pixels.shape), align_corners=False)
    return F.grid_sample(pixels, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def warp_maps(
    size: tuple[int, int],
    *,
    angle: Tensor | None = None,
    right: Tensor | None = None,
    down: Tensor | None = None,
    scale: Tensor | None = None,
    shear_x: Tensor | None = None,
    shear_y: Tensor | None = None,
) -> Tensor:
    """Maps from result to source, one an image: slanted, then enlarged, turned and shifted, about the centre.

    Args:
        size: Height and width of the images.
        angle: Degrees clockwise.
        right: Pixels.
        down: Pixels.
        scale: Factor.
        shear_x: Degrees by which vertical lines lean.
        shear_y: Degrees by which horizontal lines lean.

    Each is float32 [N], and at least one is given; the others change nothing.

    Returns:
        float32 [N, 2, 3], as `torch.nn.functional.affine_grid` takes them.
    """
    given = next(draw for draw in (angle, right, down, scale, shear_x, shear_y) if draw is not None)
    zero = torch.zeros_like(given)
    turn = torch.deg2rad(zero if angle is None else angle)
    lean_x = torch.tan(torch.deg2rad(zero if shear_x is None else shear_x))
    lean_y = torch.tan(torch.deg2rad(zero if shear_y is None else shear_y))
    shrink = 1 / (zero + 1 if scale is None else scale)
    # The inverses of turn, slant down and slant across, multiplied from the right to the left.
    cos, sin = turn.cos() * shrink, turn.sin() * shrink
    x_of_x, x_of_y = cos, sin
    y_of_x, y_of_y = lean_y * cos - sin, lean_y * sin + cos
    x_of_x, x_of_y = x_of_x + lean_x * y_of_x, x_of_y + lean_x * y_of_y
    shift_x, shift_y = zero if right is None else right, zero if down is None else down
    x_of_1 = -(x_of_x * shift_x + x_of_y * shift_y)
    y_of_1 = -(y_of_x * shift_x + y_of_y * shift_y)
    height, width = size
    across = torch.stack((x_of_x, x_of_y * height / width, x_of_1 * 2 / width), 1)
    down_rows = torch.stack((y_of_x * width / height, y_of_y, y_of_1 * 2 / height), 1)
    return torch.stack((across, down_rows), 1)
