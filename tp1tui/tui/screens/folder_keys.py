"""What the screens of a run and of a measure share: they steer the worker of one run folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Generic

from textual import work

from tp1tui.journal.commands import Command, CommandError, send
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.spec.faults import SpecError
from tp1tui.tui.run.watch import Seen, Watch
from tp1tui.tui.screens.page import Page


class FolderKeys(Page, Generic[Seen]):
    """A screen on one run folder. What it shows, and which keys it has, is its subclass's affair."""

    def __init__(self, folder: RunFolder) -> None:
        """Prepare the screen; the folder is read later, where nobody waits for it."""
        super().__init__()
        self._folder = folder

    clock: Callable[[], float] = staticmethod(time.time)
    """Seconds since 1970."""

    watched: Watch[Seen] | None = None
    """Who reads the folder; None until the journal has been read."""

    @property
    def look(self) -> Seen | None:
        """The run as it is now; None until the journal has been read."""
        return self.watched.look(self.clock()) if self.watched else None

    def asked_for(self) -> None:
        """Show at once that something was asked for."""

    def action_resume(self) -> None:
        """Start a worker that goes on where the last one ended."""
        from tp1tui.worker import launcher

        watched = self.watched
        if watched is None:
            return
        try:
            launcher.resume(watched.folder, None if watched.record.device else self.lab.device)
        except (launcher.LaunchError, OSError) as error:
            self.tell(error)
            return
        resumes = watched.record.resumes
        watched.ask("a worker is starting", lambda look: look.is_live or look.record.resumes > resumes, self.clock())
        self.asked_for()

    @work(thread=True, exclusive=True, group="export")
    def action_export(self) -> None:
        """Write the run as CSV into its folder, and say where."""
        from tp1tui.journal.export import ExportError, export

        if self.watched is None:
            return
        try:
            files = export(self.watched.folder)
        except (ExportError, RunFolderError, SpecError) as error:
            self.in_app(self.tell, error)
        else:
            names = ", ".join(file.name for file in files)
            self.in_app(partial(self.notify, title="Exported", timeout=10), f"{names} are in {files[0].parent}")

    async def action_leave_running(self) -> None:
        """Leave the app; the work goes on, and how to come back is printed."""
        await self.run_action("app.quit")

    def send(self, command: Command, doing: str, is_done: Callable[[Seen], bool]) -> None:
        """Ask something of the worker, and say so until it has happened; for the arguments see `Asked`."""
        if self.watched is None:
            return
        try:
            send(self.watched.folder, command)
        except CommandError as error:
            self.tell(error)
            return
        self.watched.ask(doing, is_done, self.clock())
        self.asked_for()
