"""The list of runs: how each stands, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from tp1tui.tui.look import Look
from tp1tui.tui.screens.page import Page
from tp1tui.tui.sweep import steer
from tp1tui.tui.sweep.group import SweepRow
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.run_table import RunTable
from tp1tui.tui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary


class RunsScreen(Page):
    """Every run of the runs folder, newest first."""

    CSS_PATH = "runs.tcss"
    AUTO_FOCUS = "#runs"
    HELP = (
        "Every run of the runs folder, newest first; a sweep is one row, which f unfolds into its members. Enter opens "
        "a run or a sweep: its curves if it was trained, what goes on if it is running. A run that was interrupted, "
        "stopped or has failed goes on from its last checkpoint with p, and one that waits in line starts at once; of "
        "a sweep, all that is not finished is put in line. What waits in line is taken out of it with x."
    )
    follows_runs = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open"),
        Binding("f", "fold", "unfold"),
        Binding("f", "unfold", "fold"),
        Binding("p", "pause", "pause"),
        Binding("p", "go_on", "go on"),
        Binding("p,r", "resume", "go on"),
        Binding("p,r", "start_now", "start now"),
        Binding("x", "stop", "stop"),
        Binding("x", "leave_line", "out of line"),
        Binding("e", "export", "export CSV"),
        Binding("escape", "back", "back"),
        Binding("q", "app.quit", "quit"),
    ]

    def compose(self) -> ComposeResult:
        """The table between two bars, and a line on the run under its cursor."""
        yield TopBar()
        yield RunTable(id="runs")
        yield Static(id="nothing", markup=False)
        yield Static(id="about", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Follow the runs."""
        self.watch(self.app, "look", self._on_look)

    @property
    def entry(self) -> RunSummary | SweepRow | None:
        """The run or sweep under the cursor."""
        return self.query_one(RunTable).chosen

    @property
    def _steered(self) -> list[steer.Steered]:
        """The run under the cursor, or the members of the sweep: those that can be read."""
        from tp1tui.journal.folder import RunFolder

        entry = self.entry
        runs = entry.runs if isinstance(entry, SweepRow) else (entry,) if entry else ()
        return [
            steer.Steered(RunFolder(run.path), run.state, run.in_line, run.started_at is not None)
            for run in runs
            if run.problem is None
        ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible with what stands under the cursor."""
        if not self.is_mounted:
            return True
        table, runs = self.query_one(RunTable), self._steered
        possible = steer.possible(runs)
        one = runs[0] if len(runs) == 1 and not isinstance(self.entry, SweepRow) else None
        waits = one is not None and one.in_line
        match action:
            case "open" | "export":
                return bool(runs)
            case "fold" | "unfold":
                return table.sweep is not None and table.is_unfolded == (action == "unfold")
            case "pause":
                return "pause" in possible
            case "go_on":
                return "go on" in possible and "pause" not in possible
            case "resume":
                return "resume" in possible and not waits and not possible & {"pause", "go on"}
            case "start_now":
                return waits
            case "stop":
                return "stop" in possible and not waits
            case "leave_line":
                return waits
        return True

    def _on_look(self, look: Look | None) -> None:
        from tp1tui.tui.bench.history import overview

        if look is None:
            return
        self.query_one(RunTable).show(look.runs)
        self.query_one(TopBar).state = "" if look.problem else f"{overview(look.runs)} in {self.lab.runs_dir}/"
        self.set_class(not look.runs, "-empty")
        self.query_one("#nothing", Static).update(look.problem or NOTHING)
        self._show_about()

    def on_choices_moved(self) -> None:
        """Another run under the cursor."""
        self._show_about()

    def on_choices_clicked(self) -> None:
        """A click on a run opens it."""
        self.action_open()

    def _show_about(self) -> None:
        from tp1tui.tui.runs.about import about

        self.query_one("#about", Static).update(about(self.entry) if self.entry else "")
        self.refresh_bindings()

    # What the keys do.

    def action_open(self) -> None:
        """Show the run or the sweep."""
        from tp1tui.journal.folder import RunFolder, RunFolderError
        from tp1tui.journal.sweep_folder import SweepFolder
        from tp1tui.spec.faults import SpecError

        entry = self.entry
        if entry is None:
            return
        try:
            if isinstance(entry, SweepRow):
                self.lab.open_sweep(SweepFolder.open(entry.path))
            else:
                self.lab.open_run(RunFolder.open(entry.path))
        except (RunFolderError, SpecError) as error:
            self._tell(error)

    def action_fold(self) -> None:
        """List the sweep's members."""
        self.query_one(RunTable).fold()
        self._show_about()

    def action_unfold(self) -> None:
        """Put them away again."""
        self.action_fold()

    def action_pause(self) -> None:
        """Let what runs stand still."""
        self._do(partial(steer.pause, self._steered))

    def action_go_on(self) -> None:
        """Let what is paused go on."""
        self._do(partial(steer.go_on, self._steered))

    def action_resume(self) -> None:
        """Let a run go on with a new worker from its last checkpoint; of a sweep, put all that is left in line."""
        runs = self._steered
        if isinstance(self.entry, SweepRow):
            self._do(partial(steer.resume, runs, self.lab.device))
        elif runs:
            self._do(partial(steer.start_now, runs[0], self.lab.device))

    def action_start_now(self) -> None:
        """Start a run that waits in line at once."""
        self.action_resume()

    def action_leave_line(self) -> None:
        """Take a run that waits out of line; it has not begun, so nothing is lost."""
        self._do(partial(steer.stop, self._steered))

    def action_stop(self) -> None:
        """Ask, then end the run, or all of the sweep."""
        from tp1tui.tui.screens.confirm import ConfirmModal

        entry, runs = self.entry, self._steered
        if isinstance(entry, SweepRow):
            question = (
                f"Stop all of {entry.preset}, with {entry.done} of {len(entry.runs)} runs done? What they have reached "
                "stays, and they can go on later."
            )
        elif entry:
            done = f"epoch {entry.epoch} of {entry.epochs}"
            question = f"Stop {entry.preset} at {done}? What it has reached stays, and it can go on later."
        else:
            return

        def answered(sure: bool | None) -> None:  # noqa: FBT001 - the answer of a modal
            if sure:
                self._do(partial(steer.stop, runs))

        self.app.push_screen(ConfirmModal(question, "Stop it", "Let it go on"), answered)

    def action_export(self) -> None:
        """Write the run or the sweep as CSV into its folder, and say where."""
        from tp1tui.journal.csv_files import ExportError
        from tp1tui.journal.export import export
        from tp1tui.journal.folder import RunFolder, RunFolderError
        from tp1tui.journal.sweep_export import export_sweep
        from tp1tui.journal.sweep_folder import SweepFolder
        from tp1tui.spec.faults import SpecError

        entry = self.entry
        if entry is None:
            return
        try:
            is_sweep = isinstance(entry, SweepRow)
            files = export_sweep(SweepFolder(entry.path)) if is_sweep else export(RunFolder(entry.path))
        except (ExportError, RunFolderError, SpecError) as error:
            self._tell(error)
        else:
            self.notify(f"{', '.join(file.name for file in files)} are in {files[0].parent}", title="Exported")

    def _do(self, deed: Callable[[], str]) -> None:
        """Ask something of runs, and say what was asked or why it could not be."""
        from tp1tui.journal.commands import CommandError
        from tp1tui.worker.launcher import LaunchError

        try:
            self.notify(deed())
        except (CommandError, LaunchError, OSError) as error:
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        self.notify(str(error), severity="error", timeout=15)


NOTHING = """\
There are no runs here yet.

Go back with Esc, choose a question and press Enter: its training appears here, and stays here when you close tp1tui.
Another folder of runs is named with --runs-dir DIR or TP1TUI_RUNS."""
