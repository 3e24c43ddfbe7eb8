"""Changes of colour, by whole batches: pixels float32 [B, C, H, W] in [0, 1], and a strength for each image.

Strengths are float32 [B, 1, 1, 1]. A factor of 1 changes nothing, and of 0 leaves black, mean grey, grey or blurred.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

LUMA = (0.2989, 0.587, 0.114)
"""How bright red, green and blue look."""
LEVELS = 255
"""Highest of the levels that images come in."""


def brightness(pixels: Tensor, factor: Tensor) -> Tensor:
    """Blended with black."""
    return (pixels * factor).clamp(0, 1)


def contrast(pixels: Tensor, factor: Tensor) -> Tensor:
    """Blended with each image's mean grey."""
    return _blend(pixels, grey(pixels).mean((1, 2, 3), keepdim=True), factor)


def saturation(pixels: Tensor, factor: Tensor) -> Tensor:
    """Blended with its grey; a grey image stays as it is."""
    return _blend(pixels, grey(pixels), factor)


def sharpness(pixels: Tensor, factor: Tensor) -> Tensor:
    """Blended with itself blurred; the outermost pixels stay as they are."""
    blurred = pixels.clone()
    # Weights of 5/13 for the pixel and 1/13 for each neighbour, by the mean of all nine.
    blurred[:, :, 1:-1, 1:-1] = (9 * F.avg_pool2d(pixels, 3, stride=1) + 4 * pixels[:, :, 1:-1, 1:-1]) / 13
    return _blend(pixels, blurred, factor)


def hue(pixels: Tensor, shift: Tensor) -> Tensor:
    """Every colour moved around the colour circle by `shift` turns; RGB only."""
    red, green, blue = pixels.unbind(1)
    value = torch.maximum(torch.maximum(red, green), blue)
    chroma = value - torch.minimum(torch.minimum(red, green), blue)
    span = chroma.clamp_min(torch.finfo(pixels.dtype).tiny)
    not_red = torch.where(value == green, (blue - red) / span + 2, (red - green) / span + 4)
    sixths = torch.where(value == red, (green - blue) / span, not_red)[:, None] + 6 * shift
    # Channel by channel, value falls by chroma and comes back over the six sixths of the circle.
    turns = torch.cat([sixths + start for start in (5.0, 3.0, 1.0)], 1) / 6
    phase = 6 * (turns - turns.floor())
    return value[:, None] - chroma[:, None] * torch.minimum(phase, 4 - phase).clamp(0, 1)


def posterize(pixels: Tensor, bits: int) -> Tensor:
    """Only the highest so many of a level's eight bits kept."""
    step = 1 << (8 - bits)
    return torch.floor(_levels(pixels) / step) * step / LEVELS


def solarize(pixels: Tensor, threshold: float) -> Tensor:
    """Turned to its negative where it is as bright as `threshold` or brighter."""
    return torch.where(pixels >= threshold, 1 - pixels, pixels)


def autocontrast(pixels: Tensor) -> Tensor:
    """Each channel of each image stretched from its darkest and brightest to 0 and 1; an even one left alone."""
    low, high = pixels.amin((2, 3), keepdim=True), pixels.amax((2, 3), keepdim=True)
    spread = high - low
    return torch.where(spread > 0, (pixels - low) / spread.clamp_min(1 / LEVELS), pixels)


def equalize(pixels: Tensor) -> Tensor:
    """Each channel of each image with its levels spread so that all become about as frequent."""
    levels = _levels(pixels).to(torch.int64).flatten(2).flatten(0, 1)
    counts = torch.zeros(len(levels), LEVELS + 1, dtype=torch.int64, device=pixels.device)
    counts.scatter_add_(1, levels, torch.ones_like(levels))
    brightest = counts.gather(1, levels.amax(1, keepdim=True))
    step = (levels.shape[1] - brightest) // LEVELS
    below = counts.cumsum(1) - counts
    table = ((below + step // 2) // step.clamp_min(1)).clamp_max(LEVELS)
    spread = torch.where(step > 0, table.gather(1, levels), levels)
    return spread.view(pixels.shape).to(pixels.dtype) / LEVELS


def grey(pixels: Tensor) -> Tensor:
    """How bright each pixel looks, [B, 1, H, W]."""
    if pixels.shape[1] == 1:
        return pixels
    red, green, blue = LUMA
    return (pixels[:, :1] * red).add_(pixels[:, 1:2], alpha=green).add_(pixels[:, 2:], alpha=blue)


def _blend(pixels: Tensor, other: Tensor, factor: Tensor) -> Tensor:
    return (other + (pixels - other) * factor).clamp(0, 1)


def _levels(pixels: Tensor) -> Tensor:
    return (pixels * LEVELS).round()
