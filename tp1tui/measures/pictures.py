"""Network inputs as pictures that a person can look at."""

from __future__ import annotations

import torch
from torch import Tensor

from tp1tui.data.arrays import Bytes
from tp1tui.data.pictures import colours
from tp1tui.spec.results import Grid


def picture(name: str, image: Tensor, *, group: str = "", note: str = "") -> Grid:
    """An input as colours, its lowest value black and its highest white.

    Args:
        name: Of the result.
        image: float32 [C, H, W] with 3 channels, or 1 for grey.
        group: Of the pictures that it stands beside.
        note: How to read it.
    """
    low, high = image.min(), image.max()
    return colours(name, levels((image - low) / (high - low).clamp_min(1e-12)), group=group, note=note)


def levels(image: Tensor) -> Bytes:
    """float32 [C, H, W] from 0 to 1 as uint8 [H, W, C]."""
    scaled: Bytes = (image.clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
    return scaled
