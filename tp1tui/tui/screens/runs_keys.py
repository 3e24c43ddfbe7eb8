"""The keys of the table of runs: which of them are possible now, and what they do to runs and sweeps."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from tp1tui.tui.runs.order import Order
from tp1tui.tui.screens.runs_labels import LabelKeys
from tp1tui.tui.screens.runs_steer import SteerKeys
from tp1tui.tui.shown_as import listed_as
from tp1tui.tui.sweep.group import SweepRow
from tp1tui.tui.widgets.run_table import RunTable

_LABELS = Binding.Group("labels")


class RunsKeys(LabelKeys, SteerKeys):
    """A screen with a table of runs. What else it shows is its subclass's affair."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="runs.open"),
        Binding("escape", "all_runs", "all runs", id="runs.all"),
        Binding("escape", "select_none", "select none", id="runs.select_none"),
        Binding("escape", "back", "back", id="runs.back"),
        # Obeyed before the next key is looked at, so that words typed in one go all reach the line.
        Binding("slash", "find", "filter", key_display="/", priority=True, id="runs.filter"),
        Binding("s", "sort", "sort", id="runs.sort"),
        Binding("S", "turn", "opposite order", show=False, id="runs.opposite_order"),
        Binding("space", "select", "select", id="runs.select"),
        Binding("ctrl+a", "select_all", "select all that are listed", show=False, id="runs.select_all"),
        Binding("c", "compare", "compare", id="runs.compare"),
        Binding("D,delete", "throw_away", "trash", id="runs.trash"),
        Binding("u", "bring_back", "bring back", id="runs.bring_back"),
        Binding("f", "fold", "unfold", id="runs.unfold"),
        Binding("f", "unfold", "fold", id="runs.fold"),
        Binding("p", "pause", "pause", id="runs.pause"),
        Binding("p", "go_on", "go on", id="runs.go_on"),
        Binding("p,r", "resume", "go on", id="runs.resume"),
        Binding("p,r", "start_now", "start now", id="runs.start_now"),
        Binding("x", "stop", "stop", id="runs.stop"),
        Binding("x", "leave_line", "out of line", id="runs.leave_line"),
        Binding("e", "export", "export CSV", id="runs.export"),
        Binding("P", "pin", "pin", group=_LABELS, id="runs.pin"),
        Binding("R", "rename", "rename", group=_LABELS, id="runs.rename"),
        Binding("T", "tag", "tags", group=_LABELS, id="runs.tag"),
        Binding("N", "note", "note", group=_LABELS, id="runs.note"),
        Binding("q", "app.quit", "quit", id="runs.quit"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible with what stands under the cursor, or is selected."""
        if not self.is_mounted:
            return True
        table = self.query_one(RunTable)
        match action:
            case "find":
                return not isinstance(self.focused, Input) and not self.has_class("-empty")
            case "all_runs":
                return self.has_class("-finding") or self.has_class("-filtered")
            case "select_none":
                return bool(table.selected)
            case "sort" | "turn" | "select" | "select_all" | "throw_away" | "pin" | "tag" | "rename" | "note":
                return self.entry is not None
            case "compare":
                return bool(self.compared)
            case "bring_back":
                return self.thrown is not None
            case "fold" | "unfold":
                return table.sweep is not None and table.is_unfolded == (action == "unfold")
        return self.can_steer(action)

    # Finding, sorting, selecting.

    def action_find(self) -> None:
        """Open the line in which is typed what to look for."""
        self.add_class("-finding")
        self.set_focus(self._words)
        self.show()

    def leave_line(self) -> None:
        """Back to the table; what is looked for stays."""
        self.remove_class("-finding")
        self.query_one(RunTable).focus()

    def action_all_runs(self) -> None:
        """Look for nothing any more."""
        self._words.clear()
        self.leave_line()

    def action_sort(self) -> None:
        """Sort by the next column; after the last one, newest first."""
        table = self.query_one(RunTable)
        table.sort(table.order.next_of(table.columns))

    def action_turn(self) -> None:
        """List them the other way round."""
        table = self.query_one(RunTable)
        table.sort(table.order.turn())

    def sort_by(self, title: str) -> None:
        """Sort by a column, or the other way round if it is this one already."""
        table = self.query_one(RunTable)
        table.sort(table.order.turn() if table.order.title == title else Order(title))

    def action_select(self) -> None:
        """Select what stands under the cursor, or no more."""
        self.query_one(RunTable).select_on()
        self.show()

    def action_select_all(self) -> None:
        """Select all that are listed, beside what is selected already."""
        table = self.query_one(RunTable)
        table.select(table.selected | {run.id for run in table.listed})
        self.show()

    def action_select_none(self) -> None:
        """Select nothing."""
        self.query_one(RunTable).select(frozenset())
        self.show()

    @property
    def _words(self) -> Input:
        return self.query_one("#words", Input)

    # Opening.

    def action_open(self) -> None:
        """Show the run or the sweep."""
        from tp1tui.journal.folder import RunFolder
        from tp1tui.journal.sweep_folder import SweepFolder

        entry = self.entry
        if isinstance(entry, SweepRow):
            self.lab.open_sweep(SweepFolder(entry.path))
        elif entry:
            self.lab.open_run(RunFolder(entry.path), listed_as(entry))

    def action_compare(self) -> None:
        """Hold the selected runs against each other, or the run or the members of the sweep under the cursor."""
        from tp1tui.journal.folder import RunFolder

        if len(self.compared) < 2:
            self.notify(TOO_FEW, severity="warning")
        else:
            self.lab.open_comparison([RunFolder(run.path) for run in self.compared])

    def action_fold(self) -> None:
        """List the sweep's members."""
        self.query_one(RunTable).fold()
        self.show()

    def action_unfold(self) -> None:
        """Put them away again."""
        self.action_fold()


TOO_FEW = "A comparison takes two runs or more: Space selects the run under the cursor; c compares what is selected."
