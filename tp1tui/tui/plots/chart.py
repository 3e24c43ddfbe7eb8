"""What a plot shows, in the data's units: no characters, no colours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tp1tui.tui.plots.envelope import Stretch


class Role(StrEnum):
    """What a character of a plot is there for; a theme gives each role its colour."""

    TRAIN = "train"
    TEST = "test"
    RAW = "raw"
    SMOOTH = "smooth"
    REFERENCE = "reference"
    """Another run's curve, to compare with."""
    FRAME = "frame"
    LABEL = "label"
    MARK = "mark"
    BAND = "band"
    FAULT = "fault"


@dataclass(frozen=True)
class Curve:
    """One series."""

    name: str
    """Written at its end; empty for none."""
    role: Role
    stretches: tuple[Stretch, ...]
    """Points in rising x; a line goes through each stretch, none from one to the next."""
    dotted: bool = False
    """Whether dots stand on its points, where there is room: tells curves apart without colour."""
    covers: bool = False
    """Whether its cells replace those of the curves before it, instead of mingling with them."""


@dataclass(frozen=True)
class Mark:
    """A vertical line: something happened here."""

    x: float
    label: str
    role: Role = Role.MARK


@dataclass(frozen=True)
class Spot:
    """One point that matters: the lowest test loss."""

    x: float
    y: float
    role: Role


@dataclass(frozen=True)
class Band:
    """A horizontal range to reach: what the report found."""

    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A plot. Its y axis follows the data unless `y` says otherwise."""

    x: tuple[float, float]
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...] = ()
    spots: tuple[Spot, ...] = ()
    band: Band | None = None
    y: tuple[float, float] | None = None
    log_y: bool = False
    empty: str = ""
    """What stands in the middle while there is nothing to draw."""
