"""A figure of every batch, however many there are, as a line over any of the axes."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tp1tui.journal.epoch_curves import Over, place_of
from tp1tui.journal.record import RunRecord
from tp1tui.tui.overlay.smoothing import Average
from tp1tui.tui.plots.envelope import Envelope, Stretch
from tp1tui.tui.plots.sight import Range

_AT_ONCE = 1 << 16
"""Batches that are smoothed at once: as Python's numbers they take four times the memory that they are kept in."""


class BatchEnvelopes:
    """The batches of one run in few bins, raw and smoothed, so that a million cost what a thousand do."""

    def __init__(self) -> None:
        self._begun: object = None
        self._kept: dict[float, tuple[Average, Envelope]] = {}

    def of(self, record: RunRecord, values: array[float], weight: float) -> Envelope:
        """The values with what is new; smoothed anew where the weight is another, or something was taken back.

        Args:
            record: Of the run.
            values: Of each batch; index 0 is step 1.
            weight: Of the smoothing (`tui/overlay/smoothing.py`); 0 for none.
        """
        begun = (record, record.resumes)
        if begun != self._begun or any(len(values) < envelope.length for _, envelope in self._kept.values()):
            self._begun, self._kept = begun, {}
        average, envelope = self._kept.get(weight) or (Average(weight), Envelope(first_x=1))
        for begin in range(envelope.length, len(values), _AT_ONCE):
            envelope.extend(average.after(values[begin : begin + _AT_ONCE]))
        self._kept = {kept: self._kept[kept] for kept in self._kept if kept == 0} | {weight: (average, envelope)}
        return envelope

    def latest(self, record: RunRecord, values: array[float], weight: float) -> float:
        """The last of the values, smoothed; for the arguments see `of`."""
        self.of(record, values, weight)
        return self._kept[weight][0].latest


@dataclass(frozen=True)
class Placing:
    """Where each step stands along an axis: known at some steps, and evenly between two of them."""

    steps: tuple[float, ...]
    places: tuple[float, ...]
    """Both rising."""

    def place(self, step: float) -> float:
        """Where a step stands."""
        return _between(step, self.steps, self.places)

    def step(self, place: float) -> float:
        """Which step stands there."""
        return _between(place, self.places, self.steps)


def placing(record: RunRecord, over: Over, steps_per_epoch: int) -> Placing:
    """Where a run's batches stand: over epochs and steps exactly.

    Over seconds they stand evenly between the beginning and the end of their epoch, which alone are journaled; those of
    an epoch that goes on have no place yet.
    """
    if over in ("epoch", "step"):
        made = max(1.0, len(record.losses))
        return Placing((0.0, made), (0.0, made / steps_per_epoch if over == "epoch" else made))
    ends = [(float(epoch.step), place_of(record, epoch, over)) for epoch in record.epochs]
    rising = ends[:1] + [end for before, end in pairwise(ends) if end[0] > before[0] and end[1] > before[1]]
    return Placing(tuple(step for step, _ in rising), tuple(place for _, place in rising))


@dataclass(frozen=True)
class BatchLine:
    """A figure of every batch of one run."""

    record: RunRecord
    values: array[float]
    """Index 0 is step 1."""
    envelopes: BatchEnvelopes
    placing: Placing

    @property
    def reached(self) -> float:
        """How far it goes along the axis."""
        return self.placing.places[-1] if len(self.placing.places) > 1 else 0.0

    def stretches(self, window: Range, dots: int, weight: float) -> tuple[Stretch, ...]:
        """The points that a line may connect.

        Args:
            window: The stretch of the axis that is looked at.
            dots: Places in it that the plot can tell apart.
            weight: Of the smoothing; 0 for none.
        """
        if len(self.placing.places) < 2:
            return ()
        low, high = max(window[0], self.placing.places[0]), min(window[1], self.reached)
        if high < low:
            return ()
        width = window[1] - window[0]
        most = max(1, int(dots * (high - low) / width)) if width > 0 else dots
        found = self._envelope(weight).extremes(most, (self.placing.step(low), self.placing.step(high)))
        last = self.placing.steps[-1]
        return tuple(
            [(self.placing.place(step), value) for step, value in stretch if step <= last] for stretch in found
        )

    def latest(self, weight: float) -> float | None:
        """The last value, smoothed; None where there is none."""
        return self.envelopes.latest(self.record, self.values, weight) if self.values else None

    def _envelope(self, weight: float) -> Envelope:
        return self.envelopes.of(self.record, self.values, weight)


def _between(value: float, known: Sequence[float], wanted: Sequence[float]) -> float:
    """What belongs to a value, on the straight line between its neighbours among those that are known."""
    after = min(max(1, bisect_right(known, value)), len(known) - 1)
    before = after - 1
    part = (value - known[before]) / (known[after] - known[before])
    return wanted[before] + part * (wanted[after] - wanted[before])
