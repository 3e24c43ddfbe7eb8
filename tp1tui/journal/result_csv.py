"""Results as rows of CSV: a table as it is, a series point by point, a grid as the matrix that one sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tp1tui.spec.results import Axis, Cell, Grid, Result, Series, Table, Text

Row = Iterable[Cell]


def file_name(result: Result) -> str:
    """result-weights-of-two-layers.csv: the name of a result's file."""
    return f"result-{re.sub(r'[^a-z0-9]+', '-', result.name.lower()).strip('-') or 'unnamed'}.csv"


def rows(result: Result) -> tuple[list[str], Iterator[Row]]:
    """The header and the rows of one result."""
    match result:
        case Table():
            return [_titled(column.name, column.unit) for column in result.columns], iter(result.rows)
        case Series():
            return ["line", _axis(result.x), _axis(result.y), "standard deviation"], _points(result)
        case Grid():
            corner = f"{_axis(result.down)} \\ {_axis(result.across)}"
            width = len(result.values[0]) if result.values else 0
            return [corner, *(result.across_labels or map(str, range(width)))], _matrix(result)
        case Text():
            return ["text"], ((line,) for line in result.text.splitlines())


def _points(series: Series) -> Iterator[Row]:
    for line in series.lines:
        spread: Iterable[float | None] = line.spread or [None] * len(line.x)
        yield from ((line.name, x, y, deviation) for x, y, deviation in zip(line.x, line.y, spread, strict=True))


def _matrix(grid: Grid) -> Iterator[Row]:
    labels = grid.down_labels or [str(number) for number in range(len(grid.values))]
    for label, values in zip(labels, grid.values, strict=True):
        if grid.content == "colours":
            yield (label, *("" if value is None else f"{int(value):06x}" for value in values))
        else:
            yield (label, *values)


def _axis(axis: Axis) -> str:
    return _titled(axis.name, axis.unit)


def _titled(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name
