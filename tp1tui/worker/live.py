"""What a run shows of its network while it learns, beside its figures: the probe and, of points, the boundary."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from tp1tui.engine.training import Training
from tp1tui.journal.record import RunRecord
from tp1tui.spec.live import PROBE_LINE, ProbeOf
from tp1tui.spec.results import Result, Series
from tp1tui.worker.boundary import Boundary, has_boundary
from tp1tui.worker.probe import Probe

EVERY = 1.0
"""Seconds of work between two looks, at least."""
LOOKS = 60
"""A run of any length is looked at about as often in each doubling of its time: at most this often in its first minute,
and then once in this share of the time it has worked. So a journal stays small."""
SHARE = 0.01
"""Of the time of work that looking may take: where it is slow, it is done less often."""
LONGEST = 10.0
"""Seconds between two looks that a slow one leads to, at most."""


class Live:
    """Looks at a training's network when it is time to."""

    def __init__(self, training: Training, record: RunRecord, chosen: ProbeOf) -> None:
        """Prepare to look.

        Args:
            training: Whose network it is.
            record: Its run's journal so far.
            chosen: The example to probe.
        """
        before = record.results.get(PROBE_LINE)
        match before:
            case Series(lines=(line, *_)) if line.name == chosen.text:
                self.probe = Probe(training, chosen, before)
            case _:
                self.probe = Probe(training, chosen, None)
        self._training = training
        self._boundary = Boundary(training) if has_boundary(training) else None
        self._looked: tuple[float, int] | None = None
        self._cost = 0.0

    def is_due(self, elapsed: float) -> bool:
        """Whether it is time to look again; a boundary is looked at where an epoch ends.

        Args:
            elapsed: Seconds of work on the run so far.
        """
        if self._boundary and self._training.step % self._training.experiment.steps_per_epoch:
            return False
        if self._looked is None:
            return True
        return elapsed - self._looked[0] >= max(EVERY, elapsed / LOOKS, min(LONGEST, self._cost / SHARE))

    @property
    def is_up_to_date(self) -> bool:
        """Whether no step has come since the last look."""
        return self._looked is not None and self._looked[1] == self._training.step

    def look(self, elapsed: float) -> Iterator[Result]:
        """What there is to see now; waits for the device. For the argument see `is_due`."""
        begin = perf_counter()
        yield from self.probe.results()
        if self._boundary:
            yield self._boundary.result(self._when())
        if self._looked:  # the first look of a process takes longer than those to come
            self._cost = perf_counter() - begin
        self._looked = (elapsed, self._training.step)

    def _when(self) -> str:
        epochs, steps = divmod(self._training.step, self._training.experiment.steps_per_epoch)
        return f"After epoch {epochs}" if not steps else f"In epoch {epochs + 1}"
