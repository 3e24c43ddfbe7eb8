"""The keys that steer runs from their table: pause, go on, stop, start now, export."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tp1tui.tui.screens.runs_page import RunsPage
from tp1tui.tui.sweep import steer
from tp1tui.tui.sweep.group import SweepRow


class SteerKeys(RunsPage):
    """They act on the run or the sweep under the cursor."""

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

    def can_steer(self, action: str) -> bool:
        """Whether it can be opened, exported or steered so now."""
        runs = self._steered
        look = self.lab.look
        possible = steer.possible(runs, served=look is None or look.served)
        one = runs[0] if len(runs) == 1 and not isinstance(self.entry, SweepRow) else None
        waits = one is not None and one.in_line
        match action:
            case "open" | "export":
                return bool(runs)
            case "pause":
                return "pause" in possible
            case "go_on":
                return "go on" in possible and "pause" not in possible
            case "resume":
                return "resume" in possible and not waits and not possible & {"pause", "go on"}
            case "start_now" | "leave_line":
                return waits
            case "stop":
                return "stop" in possible and not waits
        return True

    def action_pause(self) -> None:
        """Let what runs stand still."""
        self._do("pausing", partial(steer.pause, self._steered))

    def action_go_on(self) -> None:
        """Let what is paused go on."""
        self._do("going on", partial(steer.go_on, self._steered))

    def action_resume(self) -> None:
        """Let a run go on with a new worker from its last checkpoint; of a sweep, put all that is left in line."""
        runs = self._steered
        if isinstance(self.entry, SweepRow):
            self._do("putting runs in line", partial(steer.resume, runs, self.lab.device))
        elif runs:
            self._do("starting a run", partial(steer.start_now, runs[0], self.lab.device))

    def action_start_now(self) -> None:
        """Start a run that waits in line at once."""
        self.action_resume()

    def action_leave_line(self) -> None:
        """Take a run that waits out of line; it has not begun, so nothing is lost."""
        self._do("taking a run out of line", partial(steer.stop, self._steered))

    def action_stop(self) -> None:
        """Ask, then end the run, or all of the sweep."""
        from tp1tui.tui.runs.columns import called
        from tp1tui.tui.screens.confirm import ConfirmModal

        entry, runs = self.entry, self._steered
        if isinstance(entry, SweepRow):
            question = (
                f"Stop all of {called(entry)}, with {entry.done} of {len(entry.runs)} runs done? "
                "What they have reached stays, and they can go on later."
            )
        elif entry:
            done = f"epoch {entry.epoch} of {entry.epochs}"
            question = f"Stop {called(entry)} at {done}? What it has reached stays, and it can go on later."
        else:
            return

        def answered(sure: bool | None) -> None:  # noqa: FBT001 - the answer of a modal
            if sure:
                self._do("stopping", partial(steer.stop, runs))

        self.app.push_screen(ConfirmModal(question, "Stop it", "Let it go on"), answered)

    def action_export(self) -> None:
        """Write the run or the sweep as CSV into its folder, and say where."""
        from tp1tui.journal.export import export
        from tp1tui.journal.folder import RunFolder
        from tp1tui.journal.sweep_export import export_sweep
        from tp1tui.journal.sweep_folder import SweepFolder

        entry = self.entry
        if isinstance(entry, SweepRow):
            self.export(partial(export_sweep, SweepFolder(entry.path)))
        elif entry:
            self.export(partial(export, RunFolder(entry.path)))

    def _do(self, doing: str, deed: Callable[[], str]) -> None:
        """Ask something of runs, and say what was asked or why it could not be."""
        self.lab.writes.ask(doing, deed, self.notify)
