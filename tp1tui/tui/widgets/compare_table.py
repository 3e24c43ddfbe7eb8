"""The compared runs, a row each, its letter in the colour of its curve."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tp1tui.tui.bench.history import STYLES
from tp1tui.tui.compare.rows import BETTER, WORSE, CompareRow, compare_rows, row_lines
from tp1tui.tui.compare.watch import Compared, CompareWatch
from tp1tui.tui.plots.chart import LINES
from tp1tui.tui.widgets.choices import Choice, Choices


class CompareTable(Choices):
    """A heading and a row a run."""

    DEFAULT_CSS = """
    CompareTable {
        height: auto;
        max-height: 40%;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._watch: CompareWatch | None = None
        self._rows: list[CompareRow] = []

    @property
    def chosen(self) -> Compared | None:
        """The run under the cursor."""
        return self._watch.run(self.cursor) if self._watch and self.cursor else None

    def show(self, watch: CompareWatch, baseline: str) -> None:
        """List the runs as they stand; see `compare_rows`."""
        self._watch, self._rows = watch, compare_rows(watch, baseline)
        self.rewrite()

    def write(self, width: int) -> Sequence[Choice]:
        """The heading, then the rows."""
        lines = row_lines(self._rows, self._watch.differences if self._watch else (), width)
        heading = Choice(Content.styled(lines.head, "underline $foreground 60%"))
        rows = zip(self._rows, lines.rows, strict=True)
        return [heading, *(Choice(_row(row, line), row.run.key) for row, line in rows)]


def _row(row: CompareRow, line: str) -> Content:
    state = row.run.seen.state
    text = Content.styled(line, "" if state == "finished" else STYLES.get(state, ""))
    text = text.stylize(f"bold $line-{row.run.number % len(LINES) + 1}", 0, len(row.run.sign))
    for mark, style in ((BETTER, "bold $success"), (WORSE, "bold $warning")):
        place = line.find(mark)
        text = text.stylize(style, place, place + 1) if place >= 0 else text
    return text
