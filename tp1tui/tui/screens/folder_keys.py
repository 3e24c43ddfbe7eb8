"""What the screens of a run and of a measure share: they steer the worker of one run folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Generic

from textual import work

from tp1tui.journal.commands import Command, send
from tp1tui.journal.folder import RunFolder
from tp1tui.tui.question.topic import Topic, topic_of
from tp1tui.tui.run.watch import Seen, Watch
from tp1tui.tui.screens.reading import ReadingPage

if TYPE_CHECKING:
    from tp1tui.worker.line import LineReader

FOLLOW_LINE = 1.0
"""Seconds between two looks at the line, while the run waits in it."""


class FolderKeys(ReadingPage, Generic[Seen]):
    """A screen on one run folder. What it shows, and which keys it has, is its subclass's affair."""

    def __init__(self, folder: RunFolder) -> None:
        """Prepare the screen; the folder is read later, where nobody waits for it."""
        super().__init__()
        self._folder = folder
        self._line: LineReader | None = None
        self._is_finding = False
        """Whether the line is being read: a read that stalls is waited for before the next."""

    clock: Callable[[], float] = staticmethod(time.time)
    """Seconds since 1970."""

    watched: Watch[Seen] | None = None
    """Who reads the folder; None until the journal has been read."""

    @property
    def look(self) -> Seen | None:
        """The run as it is now; None until the journal has been read."""
        return self.watched.look(self.clock()) if self.watched else None

    @property
    def topic(self) -> Topic | None:
        """The question that was run or measured."""
        return topic_of(lambda: self.look)

    def asked_for(self) -> None:
        """Show at once that something was asked for."""

    def can_resume(self, look: Seen) -> bool:
        """Whether a worker can take it up that has none."""
        over_or_new = look.state in ("queued", "interrupted", "stopped", "failed")
        return over_or_new and not look.asked and not look.place and not look.gone

    def follow_line(self) -> None:
        """While the run waits in line, find out where it stands."""
        look = self.look
        if look is not None and look.state == "queued" and self.in_sight and not self._is_finding:
            self._is_finding = True
            self._find_place()

    @work(thread=True, group="line")
    def _find_place(self) -> None:
        from tp1tui.tui.line.words import place_in_words, waits_for
        from tp1tui.worker.line import LineReader
        from tp1tui.worker.line_lock import is_served

        runs_dir = self._folder.path.parent
        self._line = self._line or LineReader(runs_dir)
        line, served = self._line.read(), is_served(runs_dir)
        look = self.look
        forgotten = not served and look is not None and not look.asked
        waits = forgotten or waits_for(line, self._folder.id)
        self.in_app(self._found_place, place_in_words(line, self._folder.id, served=served) if waits else "")

    def _found_place(self, place: str) -> None:
        self._is_finding = False
        if self.watched and self.watched.place != place:
            self.watched.place = place
            self.asked_for()
            self.refresh_bindings()

    def action_start_now(self) -> None:
        """Start a run that waits in line at once, beside what goes on."""
        self.action_resume()

    def action_leave_line(self) -> None:
        """Take the run out of line; it has not begun, so nothing is lost."""
        from tp1tui.journal.tickets import take_out_of_line

        watched = self.watched
        if watched is None:
            return

        def then(waited: bool) -> None:  # noqa: FBT001 - what the deed returns
            if waited:
                watched.place = ""
                self.notify("It waits in line no more; r starts it.")
                self.while_here(self.asked_for)

        self.lab.writes.ask("taking it out of line", partial(take_out_of_line, watched.folder), then)

    def action_resume(self) -> None:
        """Start a worker that goes on where the last one ended."""
        from tp1tui.worker import launcher

        watched = self.watched
        if watched is None:
            return
        resumes = watched.record.resumes
        device = None if watched.record.device or watched.place else self.lab.device
        self._ask(
            partial(launcher.resume, watched.folder, device, self.lab.give),
            "a worker is starting",
            lambda look: look.is_live or look.record.resumes > resumes,
        )

    def action_explain_gone(self) -> None:
        """Say why no worker can take it up."""
        look = self.look
        if look is not None:
            self.notify(look.gone, severity="warning")

    def action_export(self) -> None:
        """Write the run as CSV into its folder, and say where."""
        from tp1tui.journal.export import export

        if self.watched:
            self.export(partial(export, self.watched.folder))

    async def action_leave_running(self) -> None:
        """Leave the app; the work goes on, and how to come back is printed."""
        await self.run_action("app.quit")

    def send(self, command: Command, doing: str, is_done: Callable[[Seen], bool]) -> None:
        """Ask something of the worker, and say so until it has happened; for the arguments see `Asked`."""
        if self.watched:
            self._ask(partial(send, self.watched.folder, command), doing, is_done)

    def _ask(self, deed: Callable[[], object], doing: str, is_done: Callable[[Seen], bool]) -> None:
        """Do what lets something happen to the run, and say so until it has."""
        watched = self.watched
        if watched is None:
            return
        asked = watched.ask(doing, is_done, self.clock())

        def failed() -> None:
            watched.withdraw(asked)
            self.while_here(self.asked_for)

        self.asked_for()
        self.lab.writes.ask(doing, deed, failed=failed)
