"""What a plot shows, in the data's units: no characters, no colours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tp1tui.tui.plots.envelope import Stretch


class Role(StrEnum):
    """What a character of a plot is there for; a theme gives each role its colour."""

    TRAIN = "train"
    CLEAN = "clean"
    """The training set measured after the epoch, as the test set is."""
    TEST = "test"
    VALIDATION = "validation"
    """Examples held out of the training set."""
    RAW = "raw"
    SMOOTH = "smooth"
    REFERENCE = "reference"
    """Another run's curve, to compare with."""
    FRAME = "frame"
    LABEL = "label"
    MARK = "mark"
    BAND = "band"
    FAULT = "fault"
    CURSOR = "cursor"
    """The upright line at the place whose values are read off."""
    LIT = "lit"
    """The one curve of many that is looked at."""
    LINE1 = "line1"
    LINE2 = "line2"
    LINE3 = "line3"
    LINE4 = "line4"
    LINE5 = "line5"
    LINE6 = "line6"
    LINE7 = "line7"
    LINE8 = "line8"
    FAINT1 = "faint1"
    FAINT2 = "faint2"
    FAINT3 = "faint3"
    FAINT4 = "faint4"
    FAINT5 = "faint5"
    FAINT6 = "faint6"
    FAINT7 = "faint7"
    FAINT8 = "faint8"


LINES = tuple(Role(f"line{number}") for number in range(1, 9))
"""Of curves that are overlaid; their colours stay apart for eyes that tell red and green badly."""
FAINT = tuple(Role(f"faint{number}") for number in range(1, 9))
"""The same colours behind them: what a smoothed curve was before."""
SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Letters for curves that are overlaid: they tell apart what colours do not."""


def line_role(number: int) -> Role:
    """The role of an overlaid curve by its place, from 0: always the same, and used again from the ninth on."""
    return LINES[number % len(LINES)]


def faint(role: Role) -> Role:
    """The role of what lies behind an overlaid curve, by that curve's role."""
    return FAINT[LINES.index(role)]


def line_sign(number: int) -> str:
    """The letter of an overlaid curve by its place, from 0; two letters where one is not enough."""
    first, second = divmod(number, len(SIGNS))
    return SIGNS[second] if first == 0 else f"{line_sign(first - 1)}{SIGNS[second]}"


@dataclass(frozen=True)
class Shade:
    """A surface around a curve: its mean, less and plus the standard deviation."""

    stretches: tuple[tuple[tuple[float, float, float], ...], ...]
    """Points (x, low, high) in rising x; the surface is closed along a stretch, and open from one to the next."""


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
    sign: str = ""
    """A letter that stands on the line here and there: tells many curves apart without colour."""
    shade: Shade | None = None
    label: str | None = None
    """What it is called in a read-out and in a saved plot; empty where it is another curve once more, which has its
    own; its name when None."""

    @property
    def called(self) -> str:
        """What it is called where values are read off."""
        return self.name if self.label is None else self.label


@dataclass(frozen=True)
class Mark:
    """A vertical line: something happened here."""

    x: float
    label: str
    role: Role = Role.MARK
    words: str = ""
    """The label in full, for a saved plot; the label itself when empty."""


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
    log_x: bool = False
    whole_x: bool = True
    """Whether only whole numbers stand along the x axis: epochs and steps, but not seconds."""
    x_name: str = ""
    """Of the axis, with its unit; written where there is room."""
    y_name: str = ""
    clips: bool = False
    """Whether a curve that goes far beyond the others leaves the plot, which is marked, instead of flattening them."""
    name_room: int = 0
    """Cells kept for the curves' names at the least, so that the axis stays when the names change."""
    empty: str = ""
    """What stands in the middle while there is nothing to draw."""
