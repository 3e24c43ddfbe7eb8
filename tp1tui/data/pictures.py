"""Images as results: grids of colours that screens draw and exports write."""

from __future__ import annotations

import numpy as np

from tp1tui.data.arrays import Bytes
from tp1tui.spec.results import Axis, Grid


def colours(name: str, image: Bytes, *, group: str = "", note: str = "") -> Grid:
    """An image as it is.

    Args:
        name: Of the result.
        image: uint8 [H, W, C] with 3 channels, or 1 for grey.
        group: Of the pictures that it stands beside.
        note: How to read it.
    """
    numbers = np.broadcast_to(image, (*image.shape[:2], 3)).astype(np.uint32) @ [0x10000, 0x100, 1]
    return Grid(
        name=name,
        note=note,
        group=group,
        content="colours",
        down=Axis(name="row", unit="pixels"),
        across=Axis(name="column", unit="pixels"),
        values=tuple(tuple(row) for row in numbers.tolist()),
    )
