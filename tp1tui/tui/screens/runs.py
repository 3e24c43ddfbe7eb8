"""The list of runs: how each stands, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from tp1tui.tui.look import Look
from tp1tui.tui.screens.page import Page
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.run_table import RunTable
from tp1tui.tui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from tp1tui.journal.commands import Command
    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.listing import RunSummary


class RunsScreen(Page):
    """Every run of the runs folder, newest first."""

    CSS_PATH = "runs.tcss"
    AUTO_FOCUS = "#runs"
    HELP = (
        "Every run of the runs folder, newest first. Enter opens one: its curves if it was trained, what goes on if it "
        "is running. A run that was interrupted, stopped or has failed goes on from its last checkpoint with p."
    )
    follows_runs = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open"),
        Binding("p", "pause", "pause"),
        Binding("p", "resume", "go on"),
        Binding("x", "stop", "stop"),
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
    def run(self) -> RunSummary | None:
        """The run under the cursor."""
        return self.query_one(RunTable).chosen

    @property
    def _folder(self) -> RunFolder | None:
        from tp1tui.journal.folder import RunFolder

        return RunFolder(self.run.path) if self.run else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible with the run under the cursor."""
        if not self.is_mounted:
            return True
        run = self.run
        match action:
            case "open" | "export":
                return run is not None and run.problem is None
            case "pause":
                return run is not None and run.state == "running"
            case "resume":
                return run is not None and run.problem is None and run.state not in ("running", "finished")
            case "stop":
                return run is not None and run.state in ("running", "paused")
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
        from tp1tui.tui.bench.run_columns import about_run

        self.query_one("#about", Static).update(about_run(self.run) if self.run else "")
        self.refresh_bindings()

    # What the keys do.

    def action_open(self) -> None:
        """Show the run."""
        from tp1tui.journal.folder import RunFolder, RunFolderError
        from tp1tui.spec.faults import SpecError

        if self.run is None:
            return
        try:
            self.lab.open_run(RunFolder.open(self.run.path))
        except (RunFolderError, SpecError) as error:
            self._tell(error)

    def action_pause(self) -> None:
        """Let the run stand still."""
        from tp1tui.journal.commands import Pause

        self._send(Pause(), "Asked to pause after the batch at hand.")

    def action_resume(self) -> None:
        """Let the run go on: after a pause, or with a new worker from its last checkpoint."""
        from tp1tui.journal.commands import Resume
        from tp1tui.worker import launcher

        if self.run is None or self._folder is None:
            return
        if self.run.state == "paused":
            self._send(Resume(), "Asked to go on.")
            return
        try:
            launcher.resume(self._folder, None if self.run.started_at else self.lab.device)
        except launcher.LaunchError as error:
            self._tell(error)
        else:
            self.notify("A worker takes it up from its last checkpoint.")

    def action_stop(self) -> None:
        """Ask, then end the run."""
        from tp1tui.tui.screens.confirm import ConfirmModal

        if self.run:
            done = f"epoch {self.run.epoch} of {self.run.epochs}"
            question = f"Stop {self.run.preset} at {done}? What it has reached stays, and it can go on later."
            self.app.push_screen(ConfirmModal(question, "Stop it", "Let it go on"), self._stop)

    def action_export(self) -> None:
        """Write the run as CSV into its folder, and say where."""
        from tp1tui.journal.export import ExportError, export
        from tp1tui.journal.folder import RunFolderError
        from tp1tui.spec.faults import SpecError

        if self._folder is None:
            return
        try:
            files = export(self._folder)
        except (ExportError, RunFolderError, SpecError) as error:
            self._tell(error)
        else:
            self.notify(f"{', '.join(file.name for file in files)} are in {files[0].parent}", title="Exported")

    def _stop(self, sure: bool | None) -> None:  # noqa: FBT001 - the answer of a modal
        from tp1tui.journal.commands import Stop

        if sure:
            self._send(Stop(), "Asked to stop after the batch at hand.")

    def _send(self, command: Command, said: str) -> None:
        from tp1tui.journal.commands import CommandError, send

        if self._folder is None:
            return
        try:
            send(self._folder, command)
        except CommandError as error:
            self._tell(error)
        else:
            self.notify(said)

    def _tell(self, error: Exception) -> None:
        self.notify(str(error), severity="error", timeout=15)


NOTHING = """\
There are no runs here yet.

Go back with Esc, choose a question and press Enter: its training appears here, and stays here when you close tp1tui.
Another folder of runs is named with --runs-dir DIR or TP1TUI_RUNS."""
