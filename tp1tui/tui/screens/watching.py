"""What the screens of a run and of a measure share: they follow one folder, and show what is new at once."""

from __future__ import annotations

from tp1tui.tui.run.found import Found
from tp1tui.tui.run.watch import Seen, Watch
from tp1tui.tui.screens.folder_keys import FOLLOW_LINE, FolderKeys
from tp1tui.tui.widgets.run_messages import RunMessages

POLL = 0.2
"""Seconds between two looks at the journal."""
HEAD = 0.5
"""Seconds between two changes of the numbers, at least: faster ones cannot be read."""


class WatchingPage(FolderKeys[Seen]):
    """A screen that follows one run folder. What it shows of it is its subclass's affair."""

    def has_news(self) -> None:
        """Something has changed, and is followed next."""

    def asked_for(self) -> None:
        """Show at once that something was asked for."""
        self.follow()

    def begin_to_watch(self, watched: Watch[Seen]) -> None:
        """Follow a folder from now on, of which everything so far has been read."""
        self.watched, self._folder = watched, watched.folder
        self.begin_to_read(watched.read, self._take_in)
        self.set_interval(POLL, self.poll)
        self.follow_line()
        self.set_interval(FOLLOW_LINE, self.follow_line)

    def cannot_read(self, error: OSError) -> None:
        """Say that the journal cannot be read."""
        self.say_trouble(f"{self._folder.journal_path} cannot be read: {error.strerror}.")

    def say_trouble(self, sentence: str) -> None:
        """Say it over all else."""
        self.query_one(RunMessages).show_problem(sentence)

    def _take_in(self, found: Found) -> None:
        if self.watched and self.watched.take(found):
            self.has_news()
        if found.more:
            self.read_on()
