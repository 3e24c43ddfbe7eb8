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

    def begin_to_read(self, read: Callable[[], Found], take: Callable[[Found | OSError], None]) -> None:
        """Read from now on whenever `read_on` asks for it.

        Args:
            read: Called in the thread. May raise OSError.
            take: Told here of what was found and is not as it was, or of why nothing could be read.
        """

        def hand_over(found: Found | OSError) -> None:
            with suppress(RuntimeError):  # the app has ended
                self.call_later(self._take, take, found)

        self._reading = ReadingThread(read, hand_over)

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

    def _take(self, take: Callable[[Found | OSError], None], found: Found | OSError) -> None:
        if self._reading and self.is_attached:
            take(found)
