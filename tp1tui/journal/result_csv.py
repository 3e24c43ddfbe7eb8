"""Results as CSV: a table as it is, a series point by point, a grid as the matrix that one sees, and its points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tp1tui.journal.csv_files import Row, Tables
from tp1tui.spec.results import Axis, Cell, Grid, Result, Series, Table, Text


def files(result: Result) -> Tables:
    """A result's tables by file name: result-boundary.csv and, of a grid with points, result-boundary-points.csv."""
    name = f"result-{re.sub(r'[^a-z0-9]+', '-', result.name.lower()).strip('-') or 'unnamed'}"
    tables: Tables = {f"{name}.csv": rows(result)}
    if isinstance(result, Grid) and result.points:
        header = [_axis(result.across), _axis(result.down), "class", "part", "wrong", "support vector"]
        tables[f"{name}-points.csv"] = header, _examples(result)
    return tables


def rows(result: Result) -> tuple[Sequence[Cell], Iterator[Row]]:
    """The header and the rows of one result."""
    match result:
        case Table():
            return [_titled(column.name, column.unit) for column in result.columns], iter(result.rows)
        case Series():
            return ["line", _axis(result.x), _axis(result.y), "standard deviation"], _points(result)
        case Grid():
            corner = f"{_axis(result.down)} \\ {_axis(result.across)}"
            width = len(result.values[0]) if result.values else 0
            over: Sequence[Cell] = result.across_labels or result.across_values or range(width)
            return [corner, *over], _matrix(result)
        case Text():
            return ["text"], ((line,) for line in result.text.splitlines())


def _points(series: Series) -> Iterator[Row]:
    for line in series.lines:
        spread: Iterable[float | None] = line.spread or [None] * len(line.x)
        yield from ((line.name, x, y, deviation) for x, y, deviation in zip(line.x, line.y, spread, strict=True))


def _matrix(grid: Grid) -> Iterator[Row]:
    down: Iterable[Cell] = grid.down_labels or grid.down_values or [str(number) for number in range(len(grid.values))]
    for label, values in zip(down, grid.values, strict=True):
        if grid.content == "colours":
            yield (label, *("" if value is None else f"{int(value):06x}" for value in values))
        else:
            yield (label, *values)


def _examples(grid: Grid) -> Iterator[Row]:
    for point in grid.points:
        known = point.label < len(grid.class_names)
        label = grid.class_names[point.label] if known else point.label
        yield point.x, point.y, label, point.part, point.wrong, point.support


def _axis(axis: Axis) -> str:
    return _titled(axis.name, axis.unit)


def _titled(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name
