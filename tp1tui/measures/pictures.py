"""Network inputs as pictures that a person can look at."""

from __future__ import annotations

from torch import Tensor

from tp1tui.spec.results import Axis, Grid


def picture(name: str, image: Tensor, *, group: str = "", note: str = "") -> Grid:
    """An input as colours, its lowest value black and its highest white.

    Args:
        name: Of the result.
        image: float32 [C, H, W] with 3 channels, or 1 for grey.
        group: Of the pictures that it stands beside.
        note: How to read it.
    """
    low, high = image.min(), image.max()
    return colours(name, (image - low) / (high - low).clamp_min(1e-12), group=group, note=note)


def colours(name: str, image: Tensor, *, group: str = "", note: str = "") -> Grid:
    """An image as it is.

    Args:
        name: Of the result.
        image: float32 [C, H, W] from 0 to 1, with 3 channels or 1 for grey.
        group: Of the pictures that it stands beside.
        note: How to read it.
    """
    levels = (image.clamp(0, 1) * 255).round().long().expand(3, -1, -1).cpu()
    packed = (levels[0] << 16) + (levels[1] << 8) + levels[2]
    return Grid(
        name=name,
        note=note,
        down=Axis(name="row", unit="pixels"),
        across=Axis(name="column", unit="pixels"),
        values=tuple(tuple(row) for row in packed.tolist()),
        content="colours",
        group=group,
    )
