"""Results by name, as tests want them."""

from __future__ import annotations

from collections.abc import Iterable

from tp1tui.spec.results import Cell, Grid, Result, Series, Table, Text


class Found:
    """What a measure yielded; of results with one name the last, as in a journal."""

    def __init__(self, results: Iterable[Result]) -> None:
        self.by_name = {result.name: result for result in results}

    def table(self, name: str) -> list[dict[str, Cell]]:
        """A table as one dict a row."""
        table = self.by_name[name]
        assert isinstance(table, Table)
        return [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows]

    def text(self, name: str) -> str:
        text = self.by_name[name]
        assert isinstance(text, Text)
        return text.text

    def grid(self, name: str) -> Grid:
        grid = self.by_name[name]
        assert isinstance(grid, Grid)
        return grid

    def lines(self, name: str) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
        """A series as (x, y) by line."""
        series = self.by_name[name]
        assert isinstance(series, Series)
        return {line.name: (line.x, line.y) for line in series.lines}
