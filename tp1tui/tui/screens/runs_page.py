"""What the keys of the table of runs act on: the row under the cursor, or all that is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp1tui.tui.screens.page import Page
from tp1tui.tui.sweep.group import SweepRow
from tp1tui.tui.widgets.run_table import RunTable

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary


class RunsPage(Page):
    """A screen with a table of runs."""

    @property
    def entry(self) -> RunSummary | SweepRow | None:
        """The run or sweep under the cursor."""
        return self.query_one(RunTable).chosen

    @property
    def picked(self) -> list[RunSummary | SweepRow]:
        """The runs and whole sweeps that are selected, or else what stands under the cursor."""
        return self.query_one(RunTable).picked

    def show(self) -> None:
        """Show anew what is told of the table around it."""
        raise NotImplementedError
