"""A table of runs that keeps its cursor on the same run while runs come, go and change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tp1tui.tui.bench.history import STYLES
from tp1tui.tui.bench.run_columns import problem_of, run_lines
from tp1tui.tui.widgets.choices import Choice, Choices

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary


class RunTable(Choices):
    """A heading and a row a run."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._runs: tuple[RunSummary, ...] = ()

    @property
    def chosen(self) -> RunSummary | None:
        """The run under the cursor."""
        return next((run for run in self._runs if run.id == self.cursor), None)

    def show(self, runs: Sequence[RunSummary]) -> None:
        """List these runs."""
        self._runs = tuple(runs)
        self.rewrite()

    def write(self, width: int) -> Sequence[Choice]:
        """The heading, then the runs."""
        lines = run_lines(self._runs, width)
        heading = Choice(Content.styled(lines.head, "underline $foreground 60%"))
        rows = [Choice(_row(run, line), run.id) for run, line in zip(self._runs, lines.rows, strict=True)]
        return [heading, *rows]


def _row(run: RunSummary, line: str) -> Content:
    if run.problem:
        return Content.assemble((line, "$error"), "\n  ", (problem_of(run), "$foreground 60%"))
    return Content.styled(line, "" if run.state == "finished" else STYLES.get(run.state, ""))
