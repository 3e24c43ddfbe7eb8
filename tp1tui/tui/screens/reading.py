"""What every screen that reads again and again shares: it reads in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from tp1tui.tui.reading_thread import ReadingThread
from tp1tui.tui.screens.page import Page

Found = TypeVar("Found")


class ReadingPage(Page):
    """A screen that never waits for the disk. What it reads and shows is its subclass's affair."""

    _reading: ReadingThread[Any] | None = None
    """None before there is anything to read, and once the screen was left."""
    _readable = True
    """Whether the last read went well."""
    _was_followed = False
    """Whether what was read has been shown since the last `poll`."""

    def follow(self) -> None:
        """Show what has changed, no more often than it can be read."""
        raise NotImplementedError

    def cannot_read(self, error: OSError) -> None:
        """Say why nothing can be read; it is tried again."""
        raise NotImplementedError

    @property
    def is_followed(self) -> bool:
        """Whether anybody can see it, or will as soon as what lies over it is left."""
        return self in self.app.screen_stack[-2:]

    def begin_to_read(self, read: Callable[[], Found], take: Callable[[Found], object]) -> None:
        """Read from now on whenever `poll` asks for it.

        Args:
            read: Called in the thread. May raise OSError.
            take: Takes in here what was read and is not as it was, everything in its order. May raise OSError.
        """

        def hand_over(found: Found | OSError) -> None:
            with suppress(RuntimeError):  # the app has ended
                self.call_later(self._take, take, found)

        self._reading = ReadingThread(read, hand_over)

    def poll(self) -> None:
        """Ask for what is new, and show what changes by itself, such as the time; what comes is shown when it does."""
        self.read_on()
        if not self._was_followed:
            self._follow_readable()
        self._was_followed = False

    def read_on(self) -> None:
        """Read as soon as the disk lets us: at most one read is under way."""
        if self._reading:
            self._reading.ask()

    @property
    def read_seconds(self) -> float:
        """Of this process's time that the last read took."""
        return self._reading.seconds if self._reading else 0.0

    def on_unmount(self) -> None:
        """Leave the thread to itself."""
        if self._reading:
            self._reading.end()
            self._reading = None

    def _take(self, take: Callable[[Found], object], found: Found | OSError) -> None:
        if self._reading is None or not self.is_attached:
            return
        try:
            if isinstance(found, OSError):
                raise found
            take(found)
        except OSError as error:
            self._readable = False
            self.cannot_read(error)
        else:
            self._readable = self._was_followed = True
            self._follow_readable()

    def _follow_readable(self) -> None:
        if self._readable and self.is_followed:
            self.follow()
