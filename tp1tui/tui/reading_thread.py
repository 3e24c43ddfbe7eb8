"""A thread that reads for a screen, so that a disk that does not answer holds up no key."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Thread
from time import monotonic, thread_time
from typing import Generic, TypeVar

Found = TypeVar("Found")


class ReadingThread(Generic[Found]):
    """Reads whenever it is asked to, one read after the other, and hands over what has changed.

    It is kept as long as its screen is, since a thread for each of five reads a second would cost more than they do;
    and it is none of the event loop's few, which reads that stall would use up. Neither the screen nor the program
    waits for it when it is left.
    """

    def __init__(self, read: Callable[[], Found], hand_over: Callable[[Found | OSError], object]) -> None:
        """Begin, once it is asked to read.

        Args:
            read: Called in this thread. May raise OSError, which is handed over as what was found.
            hand_over: Called in this thread, and must not wait. What equals the last thing found is not handed over.
        """
        self.seconds = 0.0
        """Of this process's time that the last read took, waiting for the disk excluded."""
        self._read, self._hand_over = read, hand_over
        self._began: float | None = None
        self._asked = Event()
        self._ended = False
        self._thread = Thread(target=copy_context().run, args=(self._run,), name="reading", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._thread.is_alive()

    @property
    def waits(self) -> float | None:
        """Seconds that the read under way has taken so far, waiting for the disk included; None while none is."""
        began = self._began
        return None if began is None else monotonic() - began

    def ask(self) -> None:
        """Let it read as soon as it can: now, or once more after the read that is under way."""
        self._asked.set()

    def end(self) -> None:
        """Let it go, and hand over nothing any more; a read that is under way is not waited for."""
        self._ended = True
        self._asked.set()

    def _run(self) -> None:
        last: Found | OSError | None = None
        while True:
            self._asked.wait()
            self._asked.clear()
            if self._ended:
                return
            began, self._began = thread_time(), monotonic()
            try:
                found: Found | OSError = self._read()
            except OSError as error:
                found = error
            self.seconds, self._began = thread_time() - began, None
            if found != last and not self._ended:
                last = found
                self._hand_over(found)
