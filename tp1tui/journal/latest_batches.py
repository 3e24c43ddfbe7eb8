"""The batches of a run as far as the signs need them: however many there were, only the latest are kept."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import isfinite, isnan

from tp1tui.journal.stretches import STRETCHES, stretch_steps
from tp1tui.spec.experiment import Experiment


class LatestBatches:
    """What is known of all batches so far. Takes the memory of a few epochs at most, 8 bytes a batch."""

    def __init__(self, experiment: Experiment) -> None:
        """Begin before step 1.

        Args:
            experiment: What is trained.
        """
        self.step = 0
        """Of the last batch."""
        self.losses = array("d")
        """Of the latest batches, up to `step`; all that `tp1tui.journal.stretches` looks at is among them."""
        self.highest = 0.0
        """Of all finite losses; 0 where none was above it."""
        self.not_finite: int | None = None
        """The first step whose loss was NaN or infinite."""
        self._needed = STRETCHES * stretch_steps(experiment)

    def add(self, losses: Sequence[float], top1: Sequence[float]) -> None:
        """Take in the batches after `step`.

        Args:
            losses: Of each batch.
            top1: Of each batch, in percent; NaN where a damaged line hides it.
        """
        if self.not_finite is None:
            found = first_not_finite(losses, top1)
            self.not_finite = None if found is None else self.step + found
        self.highest = max(self.highest, max(filter(isfinite, losses), default=0.0))
        self.losses.extend(losses)
        self.step += len(losses)
        if len(self.losses) > 2 * self._needed:
            del self.losses[: -self._needed]


def first_not_finite(losses: Sequence[float], top1: Sequence[float], begin: int = 0) -> int | None:
    """The first step, from 1, whose loss is NaN or infinite; a batch that a damaged line hides is not one.

    Args:
        losses: Of each batch.
        top1: Of each batch; NaN where a damaged line hides it.
        begin: Batches that are known to be well.
    """
    if isfinite(sum(losses[begin:])):
        return None
    places = range(begin, len(losses))
    return next((place + 1 for place in places if not (isfinite(losses[place]) or isnan(top1[place]))), None)
