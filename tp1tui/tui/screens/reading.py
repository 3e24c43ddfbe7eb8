"""What every screen that reads again and again shares: it reads in a thread of its own, and says where that fails."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from textual.timer import Timer

from tp1tui.journal.folder import RunFolderError
from tp1tui.spec.faults import SpecError
from tp1tui.tui import silent_disk
from tp1tui.tui.reading_thread import ReadingThread
from tp1tui.tui.screens.page import Page

AGAIN = 1.0
"""Seconds between two tries to open what cannot be read."""
Found = TypeVar("Found")


@dataclass(frozen=True)
class Trouble:
    """Why something cannot be opened."""

    sentence: str


class ReadingPage(Page):
    """A screen that never waits for the disk. What it reads and shows is its subclass's affair."""

    _reading: ReadingThread[Any] | None = None
    """None before there is anything to read, and once the screen was left."""
    _readable = True
    """Whether the last read went well."""
    _was_followed = False
    """Whether what was read has been shown since the last `poll`."""
    _opening: Timer | None = None
    """Tries again; None unless it is being opened."""

    def follow(self) -> None:
        """Show what has changed, no more often than it can be read."""
        raise NotImplementedError

    def cannot_read(self, error: OSError) -> None:
        """Say why nothing can be read; it is tried again."""
        raise NotImplementedError

    def say_trouble(self, sentence: str) -> None:
        """Say what keeps this screen from showing what there is, until something is shown again."""
        raise NotImplementedError

    @property
    def is_followed(self) -> bool:
        """Whether anybody can see it, or will as soon as what lies over it is left."""
        return self in self.app.screen_stack[-2:]

    def begin_to_open(self, read: Callable[[], Found], opened: Callable[[Found], object]) -> None:
        """Read what there is, and try again until that goes well; meanwhile say why it does not.

        Args:
            read: Called in the thread. May raise RunFolderError, SpecError and OSError.
            opened: Is told here what was read, once.
        """

        def attempt() -> Found | Trouble:
            try:
                return read()
            except (RunFolderError, SpecError, OSError) as error:
                return Trouble(_sentence(error))

        def hand_over(found: Found | Trouble | OSError) -> None:
            with suppress(RuntimeError):  # the app has ended
                self.call_later(self._open, opened, found)

        self._reading = ReadingThread(attempt, hand_over)
        self._reading.ask()
        self._opening = self.set_interval(AGAIN, self._try_again)

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
        if self._is_silent:
            self.say_trouble(silent_disk.NOTHING_READ)
        elif not self._was_followed:
            self._follow_readable()
        self._was_followed = False

    def read_on(self) -> None:
        """Read as soon as the disk lets us: at most one read is under way."""
        if self._reading:
            self._reading.ask()

    @property
    def _is_silent(self) -> bool:
        """Whether the disk has not answered for longer than one would wait."""
        return self._reading is not None and (self._reading.waits or 0.0) > silent_disk.TOLD_AFTER

    @property
    def read_seconds(self) -> float:
        """Of this process's time that the last read took."""
        return self._reading.seconds if self._reading else 0.0

    def on_unmount(self) -> None:
        """Leave the thread to itself."""
        if self._reading:
            self._reading.end()
            self._reading = self._opening = None

    def _open(self, opened: Callable[[Found], object], found: Found | Trouble) -> None:
        if self._opening is None or not self.is_attached:
            return
        if isinstance(found, Trouble):
            self.say_trouble(found.sentence)
            return
        self._opening.stop()
        self._opening = None
        if self._reading:
            self._reading.end()
        opened(found)

    def _try_again(self) -> None:
        if self._is_silent:
            self.say_trouble(silent_disk.NOTHING_READ)
        elif self._reading and self._reading.waits is None:
            self._reading.ask()

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


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:  # its text begins with a number
        return f"{error.filename or 'It'} cannot be read: {error.strerror}."
    return str(error)
