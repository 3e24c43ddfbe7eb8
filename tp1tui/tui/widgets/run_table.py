"""A table of runs and sweeps that keeps its cursor on the same one while runs come, go and change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tp1tui.tui.bench.history import STYLES
from tp1tui.tui.bench.run_columns import ListRow, list_rows, problem_of, run_lines
from tp1tui.tui.sweep.group import SweepRow, grouped
from tp1tui.tui.widgets.choices import Choice, Choices

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary


class RunTable(Choices):
    """A heading and a row a run; a sweep is one row, with those of its members under it when it is unfolded."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._entries: list[RunSummary | SweepRow] = []
        self._rows: list[ListRow] = []
        self._unfolded: frozenset[str] = frozenset()

    @property
    def chosen(self) -> RunSummary | SweepRow | None:
        """What stands under the cursor."""
        return next((row.entry for row in self._rows if row.entry.id == self.cursor), None)

    @property
    def sweep(self) -> SweepRow | None:
        """The sweep under the cursor, or the one that the run under it belongs to."""
        entry = self.chosen
        name = entry.id if isinstance(entry, SweepRow) else entry.sweep if entry else ""
        return next((entry for entry in self._entries if isinstance(entry, SweepRow) and entry.id == name), None)

    @property
    def is_unfolded(self) -> bool:
        """Whether that sweep's members are listed."""
        return self.sweep is not None and self.sweep.id in self._unfolded

    def show(self, runs: Sequence[RunSummary]) -> None:
        """List these runs."""
        self._entries = grouped(runs)
        self._list()

    def fold(self) -> None:
        """List that sweep's members, or put them away; the cursor goes to the sweep."""
        if self.sweep:
            sweep_id = self.sweep.id
            self._unfolded ^= {sweep_id}
            self._list()
            self.choose(sweep_id)

    def write(self, width: int) -> Sequence[Choice]:
        """The heading, then the runs."""
        lines = run_lines(self._rows, width)
        heading = Choice(Content.styled(lines.head, "underline $foreground 60%"))
        rows = [Choice(_row(row, line), row.entry.id) for row, line in zip(self._rows, lines.rows, strict=True)]
        return [heading, *rows]

    def _list(self) -> None:
        self._rows = list_rows(self._entries, self._unfolded)
        self.rewrite()


def _row(row: ListRow, line: str) -> Content:
    entry = row.entry
    if not isinstance(entry, SweepRow) and entry.problem:
        return Content.assemble((line, "$error"), "\n  ", (problem_of(entry), "$foreground 60%"))
    return Content.styled(line, "" if entry.state == "finished" else STYLES.get(entry.state, ""))
