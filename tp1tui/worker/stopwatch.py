"""How long a run has really worked: pauses and interruptions do not count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class Stopwatch:
    """Seconds of work, over several workers if need be."""

    def __init__(self, before: float = 0.0) -> None:
        """Begin to count.

        Args:
            before: Seconds that earlier workers counted.
        """
        self._before = before
        self._since: float | None = monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds counted so far."""
        return self._before + (monotonic() - self._since if self._since is not None else 0.0)

    def halt(self) -> None:
        """Stand still."""
        self._before, self._since = self.elapsed, None

    def go_on(self) -> None:
        """Count again."""
        self._before, self._since = self.elapsed, monotonic()

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Stand still meanwhile, and be afterwards as before."""
        counted = self._since is not None
        self.halt()
        try:
            yield
        finally:
            if counted:
                self.go_on()
