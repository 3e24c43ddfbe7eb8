"""What a look at one run's folder finds, read in one thread to be taken in by another."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from tp1tui.journal.fetch import Fetched, Fetcher
from tp1tui.journal.labels import LabelReader, Labels
from tp1tui.journal.last_words import last_words


@dataclass(frozen=True)
class Found:
    """All that may have changed in a folder, and the new lines of its journal."""

    run: Fetched
    labels: Labels
    """What a person wrote on it."""
    last_words: tuple[str, ...]
    """Lines that a worker which is gone left in worker.log; of meaning where it left no word in the journal."""
    reference: Fetched | None = None
    """Of the run that it is compared with; None without one, or where that cannot be read."""

    @property
    def more(self) -> bool:
        """Whether there is more to read at once."""
        return self.run.more or (self.reference is not None and self.reference.more)


class FolderReader:
    """Reads a folder again and again; what has not changed is not read again. Not for two threads at once."""

    def __init__(self, run: Fetcher, reference: Fetcher | None = None) -> None:
        """Prepare to read.

        Args:
            run: Of the run's folder.
            reference: Of another run's, whose journal is read as well.
        """
        self._run, self._reference = run, reference
        self._labels = LabelReader(run.folder.path)
        self._last_words: tuple[str, ...] = ()
        self._was_alive = True

    def read(self) -> Found:
        """What there is now.

        Raises:
            OSError: The journal is there, but cannot be read.
        """
        reference: Fetched | None = None
        if self._reference:
            with suppress(OSError):
                reference = self._reference.journal()
        run = self._run.run()
        if not run.gone:
            self._labels.changed()
        if run.alive is False and (self._was_alive or run.lines):
            self._last_words = last_words(self._run.folder)
        self._was_alive = self._was_alive if run.alive is None else run.alive
        return Found(run, self._labels.labels, self._last_words, reference)
