"""What a measure finds, and what a run finds beside its curves, in four shapes: table, series, grid, text.

Screens, CSV and reports know these shapes and nothing of what is in them, so a new measure needs no new screen.
"""

from __future__ import annotations

from math import inf, nan
from typing import Annotated, Literal, NamedTuple

from pydantic import ConfigDict, Field, field_validator, model_validator

from tp1tui.spec.part import Part, Shown
from tp1tui.spec.steering import without_steering

Cell = bool | int | float | str | None
"""Of a table; None where there is nothing."""
Scale = Literal["linear", "log"]
_NOT_FINITE: dict[str, Cell] = {"NaN": nan, "Infinity": inf, "-Infinity": -inf}


class _Found(Part):
    """NaN and infinities are results too; they travel as the texts "NaN", "Infinity" and "-Infinity"."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=True, ser_json_inf_nan="strings")


class _Shape(_Found):
    name: Shown = Field(min_length=1)
    """A few words, which no other result of the same run has; a later result with the same name replaces it."""
    note: Shown = ""
    """A sentence or two on how to read it."""


class Column(_Found):
    """One column of a table."""

    name: Shown
    unit: Shown = ""
    """%, s, MB, …; empty for counts and names."""


class Table(_Shape):
    """Columns with units, and rows."""

    kind: Literal["table"] = "table"
    columns: tuple[Column, ...] = Field(min_length=1)
    rows: tuple[tuple[Cell, ...], ...]

    @field_validator("rows")
    @classmethod
    def _numbers(cls, rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
        """A cell may be a text, too, so what is no finite number would stay the text that it travels as."""
        return tuple(
            tuple(_NOT_FINITE.get(cell, without_steering(cell)) if isinstance(cell, str) else cell for cell in row)
            for row in rows
        )

    @model_validator(mode="after")
    def _rectangular(self) -> Table:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                msg = f"row {number} of {self.name} has {len(row)} cells for {len(self.columns)} columns"
                raise ValueError(msg)
        return self


class Axis(_Found):
    """What lies along one side of a plot."""

    name: Shown
    unit: Shown = ""
    scale: Scale = "linear"


class Line(_Found):
    """One named line of a series."""

    name: Shown
    x: tuple[float, ...]
    y: tuple[float, ...]
    spread: tuple[float, ...] | None = None
    """Standard deviation at each point, for a band around the line; None for a line alone."""

    @model_validator(mode="after")
    def _same_length(self) -> Line:
        if len(self.x) != len(self.y) or (self.spread is not None and len(self.spread) != len(self.x)):
            msg = f"line {self.name} has {len(self.x)} places, {len(self.y)} values"
            raise ValueError(msg)
        return self


class Series(_Shape):
    """Lines over a common pair of axes."""

    kind: Literal["series"] = "series"
    x: Axis
    y: Axis
    lines: tuple[Line, ...]


class GridPoint(NamedTuple):
    """An example that lies on a grid of two numeric axes; in a journal an array, since there are hundreds."""

    x: float
    """Along `across`, in that axis's unit."""
    y: float
    """Along `down`."""
    label: int
    """Its class, counted from 0."""
    part: Literal["train", "test"]
    wrong: bool = False
    """Whether it is taken for another class."""
    support: bool = False
    """Whether it is a support vector."""


class Grid(_Shape):
    """Values over two named axes: a heat table, a boundary, a confusion matrix, a picture."""

    kind: Literal["grid"] = "grid"
    down: Axis
    """What changes from row to row."""
    across: Axis
    down_labels: tuple[Shown, ...] = ()
    """One a row, from the top; none for a picture."""
    across_labels: tuple[Shown, ...] = ()
    values: tuple[tuple[float | None, ...], ...]
    """Rows from the top; None where there is nothing (yet). Of a picture, each is 0xRRGGBB. Of class probabilities,
    each is that of the second of `class_names`, 0 to 1, at the place of its column and row."""
    content: Literal["values", "colours", "probabilities"] = "values"
    unit: Shown = ""
    group: Shown = ""
    """Grids of one group stand side by side: the pictures of one sheet."""
    across_values: tuple[float, ...] = ()
    """Where each column stands along `across`, rising evenly; none where columns are only named."""
    down_values: tuple[float, ...] = ()
    """Where each row stands along `down`, from the top, falling evenly where that axis points up."""
    class_names: tuple[Shown, ...] = ()
    points: tuple[GridPoint, ...] = ()
    """Examples among the values; only where both axes have places."""

    @model_validator(mode="after")
    def _rectangular(self) -> Grid:
        width = len(self.values[0]) if self.values else 0
        if any(len(row) != width for row in self.values):
            msg = f"the rows of {self.name} differ in length"
            raise ValueError(msg)
        if len(self.down_labels) not in (0, len(self.values)) or len(self.across_labels) not in (0, width):
            msg = f"{self.name} has more or fewer labels than rows or columns"
            raise ValueError(msg)
        if len(self.down_values) not in (0, len(self.values)) or len(self.across_values) not in (0, width):
            msg = f"{self.name} has more or fewer places than rows or columns"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _placed(self) -> Grid:
        has_places = len(self.down_values) > 1 and len(self.across_values) > 1
        if self.points and not has_places:
            msg = f"{self.name} has points, but no places of its rows and columns"
            raise ValueError(msg)
        if self.content == "probabilities" and not (has_places and len(self.class_names) > 1):
            msg = f"{self.name} holds class probabilities, but lacks class names or places of its rows and columns"
            raise ValueError(msg)
        return self


class Text(_Shape):
    """Words: a formula with its numbers put in, a conclusion."""

    kind: Literal["text"] = "text"
    text: Shown


Result = Annotated[Table | Series | Grid | Text, Field(discriminator="kind")]
