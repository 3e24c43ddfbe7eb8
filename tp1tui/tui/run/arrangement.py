"""Which panes of the run screen stand side by side in which size of terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Pane = Literal["loss", "accuracy", "batches", "side", "boundary", "probe", "device"]
PLOTS: tuple[Pane, ...] = ("loss", "accuracy", "batches")
MEDIUM = 110
"""Columns from which two plots stand side by side."""
WIDE = 170
"""Columns from which the layer table stands beside the plots."""
TALL = 34
"""Rows from which plots stand one over the other."""
ROOMY = 46
"""Rows from which the device stands under the layer table."""


@dataclass(frozen=True)
class Arrangement:
    """How the panes are laid out."""

    grid: str
    """A class of the grid that holds them; run.tcss says what it means."""
    panes: tuple[Pane, ...]
    """Those that are shown."""
    one_at_a_time: bool = False
    """Whether a line of tabs must tell what else there is."""


def arrangement(
    width: int,
    height: int,
    chosen: Pane | None,
    *,
    layers: bool | None,
    batches_first: bool = False,
    has_boundary: bool = False,
    has_device: bool = False,
) -> Arrangement:
    """Lay the panes out.

    Args:
        width: Columns of the terminal.
        height: Its rows.
        chosen: The plot that a person brought to the front; None for all that fit.
        layers: Whether the layer table was asked for; None while nobody said.
        batches_first: Whether there are batches to be seen and no curves yet.
        has_boundary: Whether there is a decision boundary to be seen.
        has_device: Whether the run is on a device that can be seen.
    """
    tall, wide = height >= TALL, width >= WIDE
    if width < MEDIUM and not tall:
        front = chosen or ("batches" if batches_first else "loss")
        return Arrangement("-one", ("side",) if layers else (front,), one_at_a_time=True)
    beside = wide and layers is not False
    if chosen:
        return Arrangement("-one-side" if beside else "-one", (chosen, "side") if beside else (chosen,))
    if layers and not wide:
        shown: tuple[Pane, ...] = ("loss", "accuracy", "side") if tall else ("side",)
    else:
        shown = PLOTS if tall else ("loss", "batches") if batches_first else PLOTS[:2]
    if width < MEDIUM:
        return Arrangement("-stack", (*shown[:2], "boundary") if has_boundary and shown == PLOTS else shown)
    if shown == ("side",):
        return Arrangement("-one", shown)
    grid = "-two-rows" if tall else "-one-row"
    if has_boundary and shown == PLOTS:
        grid, shown = "-quarters", (*PLOTS, "boundary")
    if beside and has_device and height >= ROOMY:
        return Arrangement(f"{grid}-side-device", (*shown, "side", "device"))
    if beside:
        return Arrangement(f"{grid}-side", (*shown, "side"))
    return Arrangement(grid, shown)
