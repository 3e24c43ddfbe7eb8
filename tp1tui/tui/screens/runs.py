"""The table of runs: how each stands, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from tp1tui.tui.look import Look
from tp1tui.tui.screens.runs_keys import RunsKeys
from tp1tui.tui.widgets.find_line import FindLine
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.run_table import RunTable
from tp1tui.tui.widgets.topbar import TopBar


class RunsScreen(RunsKeys):
    """Every run of the runs folder. It is listed anew when the app has looked at the folder."""

    CSS_PATH = "runs.tcss"
    AUTO_FOCUS = "#runs"
    HELP = (
        "Every run of the runs folder, newest first; a sweep is one row, which f unfolds into its members. Enter opens "
        "a run or a sweep: its curves if it was trained, what goes on if it is running. A run that was interrupted, "
        "stopped or has failed goes on from its last checkpoint with p, and one that waits in line starts at once; of "
        "a sweep, all that is not finished is put in line. What waits in line is taken out of it with x.\n\n"
        "Best test is the test top-1 of the best epoch, and of a sweep's best run: chosen on the validation set where "
        "one is held out, else on the test set, as the line under the table says.\n\n"
        "/ lists only what is looked for. Words are looked for in preset, name, tags, note and id; terms ask for more: "
        "state:failed, preset:cd18, dataset:cifar10, tag:x, sweep:cd16, name: note: id: device: host: kind:measure, "
        "top1>70 (best test) last>70 (the last one) epoch>=5 epochs=20, date>2026-11-20, date:today. With : a text is "
        "held, with = it is the whole; - before a term turns it round; quotes keep words together. A sweep is listed "
        "as long as one of its runs is.\n\n"
        "What is selected (+) stays so while the table is sorted and filtered. P, T, c and D take all that is "
        "selected, or else the run or the sweep under the cursor; what is pinned (★) stands before the others. What is "
        "moved to the trash is brought back with u, the last first, until the trash is emptied in the shell "
        "(tp1tui trash --help)."
    )
    follows_runs = True

    def compose(self) -> ComposeResult:
        """The table between two bars, the line of the filter over it, and a line on the run under its cursor."""
        yield TopBar()
        with Horizontal(id="filter"):
            yield Static("filter  ", id="sign", markup=False)
            yield FindLine(id="words", compact=True)
            yield Static(id="count", markup=False)
        yield Static(TERMS, id="told", markup=False)
        yield RunTable(id="runs")
        yield Static(id="nothing", markup=False)
        yield Static(id="about", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Follow the runs."""
        self.watch(self.app, "look", self._on_look)

    def show(self) -> None:
        """Say how many runs there are, are listed and are selected, and what the table has no room for."""
        from tp1tui.tui.bench.history import overview
        from tp1tui.tui.runs.about import about

        look, table = self.lab.look, self.query_one(RunTable)
        if look is None:
            return
        selected = f"{len(table.selected)} selected, " if table.selected else ""
        unread = f"{look.unread} more being read, " if look.unread else ""
        state = "" if look.problem else f"{selected}{unread}{overview(look.runs)} in {self.lab.runs_dir}/"
        self.query_one(TopBar).state = state
        unmatched = bool(look.runs) and not table.listed
        self.set_class(unmatched, "-unmatched")
        self.query_one("#nothing", Static).update(NOTHING_FOUND if unmatched else look.problem or NOTHING)
        self.query_one("#count", Static).update(f"  {len(table.listed):,} of {len(look.runs):,} runs")
        self.query_one("#about", Static).update(about(self.entry) if self.entry else "")
        self.refresh_bindings()

    def _on_look(self, look: Look | None) -> None:
        if look is None:
            return
        self.query_one(RunTable).show(look.runs)
        self.set_class(not look.runs, "-empty")
        self.thrown = look.thrown
        self.show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """List what is looked for, at every letter."""
        from tp1tui.journal.run_filter import read_filter

        found = read_filter(event.value, datetime.now().astimezone().date())
        self.query_one(RunTable).find(found.passes)
        self.set_class(bool(event.value), "-filtered")
        self.set_class(bool(found.faults), "-unclear")
        self.query_one("#told", Static).update(" ".join(found.faults) or TERMS)
        self.show()

    def on_input_submitted(self) -> None:
        """Enter: on to what was found."""
        self.leave_line()

    def on_choices_moved(self) -> None:
        """Another run under the cursor."""
        self.show()

    def on_choices_clicked(self) -> None:
        """A click on a run opens it."""
        self.action_open()

    def on_run_table_title_clicked(self, event: RunTable.TitleClicked) -> None:
        """A click on a title sorts by its column; the next one turns the order."""
        self.sort_by(event.title)

    def on_run_table_mark_clicked(self) -> None:
        """A click before a row selects it."""
        self.action_select()


TERMS = "words, or state:failed preset:cd18 dataset:cifar10 tag:x sweep:cd16 top1>70 date>2026-11-20 -tag:old"
NOTHING_FOUND = "No run passes this filter. Esc lists all runs again."
NOTHING = """\
There are no runs here yet.

Go back with Esc, choose a question and press Enter: its training appears here, and stays here when you close tp1tui.
Another folder of runs is named with --runs-dir DIR or TP1TUI_RUNS."""
