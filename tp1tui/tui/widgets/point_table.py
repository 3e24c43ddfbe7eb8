"""The points of a sweep, a row each, its letter in the colour of its curve."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tp1tui.tui.plots.chart import LINES
from tp1tui.tui.sweep.rows import BEST, PointRow, point_rows, row_lines
from tp1tui.tui.sweep.watch import SweepWatch
from tp1tui.tui.widgets.choices import Choice, Choices

_STYLES = {
    "running": "bold",
    "paused": "bold $warning",
    "queued": "$foreground 60%",
    "unstarted": "$foreground 60%",
    "failed": "$error",
}
"""Of rows by their state; plain for the others. The word tells it without colour."""


class PointTable(Choices):
    """A heading and a row a point; under an unfolded one, a row for each of its runs."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._watch: SweepWatch | None = None
        self._rows: list[PointRow] = []
        self._unfolded: frozenset[int] = frozenset()

    @property
    def chosen(self) -> PointRow | None:
        """The row under the cursor."""
        return next((row for row in self._rows if row.key == self.cursor), None)

    def show(self, watch: SweepWatch) -> None:
        """List the sweep's points as they stand; of a lone point, its runs as well."""
        if self._watch is None and len(watch.points) == 1:
            self._unfolded = frozenset((0,))
        self._watch = watch
        self._list()

    def fold(self) -> None:
        """List the runs of the point under the cursor, or put them away; the cursor goes to the point."""
        row = self.chosen
        if row:
            self._unfolded ^= {row.number}
            self._list()
            self.choose(str(row.number))

    def is_unfolded(self, number: int) -> bool:
        """Whether a point's runs are listed."""
        return number in self._unfolded

    def write(self, width: int) -> Sequence[Choice]:
        """The heading, then the rows."""
        lines = row_lines(self._rows, width)
        heading = Choice(Content.styled(lines.head, "underline $foreground 60%"))
        return [heading, *(Choice(_row(*pair), pair[0].key) for pair in zip(self._rows, lines.rows, strict=True))]

    def _list(self) -> None:
        if self._watch:
            self._rows = point_rows(self._watch, self._unfolded)
            self.rewrite()


def _row(row: PointRow, line: str) -> Content:
    text = Content.styled(line, _STYLES.get(row.state, ""))
    if row.sign:
        text = text.stylize(f"bold $line-{row.number % len(LINES) + 1}", 0, 1)
    mark = line.find(BEST)
    return text.stylize("bold $success", mark, mark + 1) if row.is_best and mark >= 0 else text
