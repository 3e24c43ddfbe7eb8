"""Which panes of the sweep screen stand side by side in which size of terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tp1tui.tui.run.arrangement import MEDIUM, TALL

Pane = Literal["loss", "accuracy", "table", "heat", "boundaries", "error"]


@dataclass(frozen=True)
class Arrangement:
    """How the panes are laid out."""

    grid: str
    """A class of the grid that holds them; sweep.tcss says what it means."""
    panes: tuple[Pane, ...]
    """Those that are shown."""
    tabs: tuple[Pane, ...] = ()
    """Those that take turns; none where all are shown."""


def arrangement(
    width: int,
    height: int,
    chosen: Pane | None,
    *,
    has_heat: bool,
    has_boundaries: bool = False,
    has_error: bool = False,
) -> Arrangement:
    """Lay the panes out.

    Args:
        width: Columns of the terminal.
        height: Its rows.
        chosen: The pane that a person brought to the front; None while nobody did.
        has_heat: Whether two fields are varied.
        has_boundaries: Whether its runs have decision boundaries.
        has_error: Whether one number is varied that the error can be drawn over; shown only when it is asked for.
    """
    fourth: tuple[Pane, ...] = ("heat",) if has_heat else ()
    fourth += ("boundaries",) if has_boundaries else ()
    more: tuple[Pane, ...] = (*fourth, "error") if has_error else fourth
    if width >= MEDIUM and height >= TALL:
        if chosen and chosen != "table":
            return Arrangement("-beside", (chosen, "table"))
        return Arrangement("-four" if fourth else "-three", ("loss", "accuracy", "table", *fourth[:1]))
    if width < MEDIUM and height < TALL:
        return Arrangement("-one", (chosen or "loss",), tabs=("loss", "accuracy", "table", *more))
    turns: tuple[Pane, ...] = ("loss", "accuracy", *more)
    front: Pane = chosen if chosen and chosen != "table" else "loss"
    return Arrangement("-stack" if width < MEDIUM else "-beside", (front, "table"), tabs=turns)
