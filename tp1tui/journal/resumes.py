"""How often a run was taken up again, where, and which of its epochs and batches came after which time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from tp1tui.journal.events import Resumed


@dataclass
class Resumes:
    """Each time that a worker took a run up from a checkpoint, in order; pauses are none."""

    events: list[Resumed] = field(default_factory=list)
    _epochs: list[int] = field(default_factory=list)
    """How many epochs stood at each of them, less what was taken back since: so it never falls along the list."""
    _batches: list[int] = field(default_factory=list)

    def add(self, event: Resumed, epochs: int, batches: int) -> None:
        """Note one more.

        Args:
            event: What the journal says of it.
            epochs: How many stand, epoch 0 included, once what was lost is taken back.
            batches: The same of batches.
        """
        self.events.append(event)
        self._epochs.append(epochs)
        self._batches.append(batches)

    def keep_epochs(self, count: int) -> None:
        """All but the first epochs are gone: those that take their place come after every resume so far."""
        self._epochs = [min(known, count) for known in self._epochs]

    def keep_batches(self, count: int) -> None:
        """The same of batches."""
        self._batches = [min(known, count) for known in self._batches]

    def before_epoch(self, place: int) -> int:
        """How many came before an epoch.

        Args:
            place: The epoch's in the record, from 0.
        """
        return bisect_right(self._epochs, place)

    def before_batch(self, step: int) -> int:
        """How many came before a batch; the first step is 1."""
        return bisect_right(self._batches, step - 1)
