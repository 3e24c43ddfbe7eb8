"""A series of any length, kept in a bounded number of bins, so that a million cost what a thousand do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import inf, isfinite
from typing import NamedTuple

Stretch = list[tuple[float, float]]
"""Points (x, y) that a line may connect."""

MOST_BINS = 1024


class Bin(NamedTuple):
    """What is kept of `width` values in a row."""

    low: float
    high: float
    total: float
    """Sum of the finite values."""
    finite: int
    """How many those are."""


class Envelope:
    """Lowest, highest and mean of an ever longer series: at most `MOST_BINS` bins of equal width.

    Values are appended once each; when the bins run out, neighbours are joined and the width doubles. So spikes stay,
    and NaN and infinities are gaps: they never reach a plot.
    """

    def __init__(self, first_x: int = 0) -> None:
        """Begin empty.

        Args:
            first_x: Place of the first value on the x axis; the next ones follow in steps of 1.
        """
        self.first_x = first_x
        self.width = 1
        self.length = 0
        self._bins: list[Bin] = []
        self._open: list[float] = []

    def extend(self, values: Sequence[float]) -> None:
        """Append values."""
        place = 0
        while place < len(values):
            chunk = values[place : place + self.width - len(self._open)]
            self._open.extend(chunk)
            self.length += len(chunk)
            place += len(chunk)
            if len(self._open) == self.width:
                self._bins.append(_bin(self._open))
                self._open.clear()
                if len(self._bins) == MOST_BINS:
                    self._join()

    def extremes(self, most: int) -> list[Stretch]:
        """The series as lines: every value, or of each of at most `most` groups the lowest and the highest.

        Args:
            most: Groups that a plot can tell apart.
        """
        bins, width = self._grouped(most)
        stretches: list[Stretch] = [[]]
        for place, bin in enumerate(bins):
            if not bin.finite:
                stretches.append([])
                continue
            x = self._middle(place, width)
            if bin.low == bin.high:
                stretches[-1].append((x, bin.low))
            elif place % 2:  # up in one, down in the next: the shortest line through all
                stretches[-1] += [(x, bin.high), (x, bin.low)]
            else:
                stretches[-1] += [(x, bin.low), (x, bin.high)]
        return [stretch for stretch in stretches if stretch]

    def means(self, most: int, window: int) -> list[Stretch]:
        """The series smoothed: around each place the mean of about `window` values, fewer at the ends.

        Args:
            most: Places that a plot can tell apart.
            window: Values in each mean.
        """
        bins, width = self._grouped(most)
        reach = max(0, round(window / width / 2))
        totals = [0.0, *accumulate(bin.total for bin in bins)]
        counts = [0, *accumulate(bin.finite for bin in bins)]
        stretches: list[Stretch] = [[]]
        for place, bin in enumerate(bins):
            if not bin.finite:
                stretches.append([])
                continue
            near = min(reach, place, len(bins) - 1 - place)
            first, last = place - near, place + near + 1
            mean = (totals[last] - totals[first]) / (counts[last] - counts[first])
            stretches[-1].append((self._middle(place, width), mean))
        return [stretch for stretch in stretches if stretch]

    def _grouped(self, most: int) -> tuple[list[Bin], int]:
        """At most `most` bins, and how many values each stands for."""
        bins = self._all()
        together = max(1, -(-len(bins) // max(1, most)))
        if together > 1:
            bins = [_joined(bins[place : place + together]) for place in range(0, len(bins), together)]
        return bins, self.width * together

    def _all(self) -> list[Bin]:
        return [*self._bins, _bin(self._open)] if self._open else self._bins

    def _middle(self, place: int, width: int) -> float:
        first = place * width
        last = min(first + width, self.length) - 1
        return self.first_x + (first + last) / 2

    def _join(self) -> None:
        self._bins = [_joined(self._bins[place : place + 2]) for place in range(0, MOST_BINS, 2)]
        self.width *= 2


def _bin(values: Sequence[float]) -> Bin:
    total = sum(values)
    if isfinite(total):
        return Bin(min(values), max(values), total, len(values))
    finite = [value for value in values if isfinite(value)]
    if not finite:
        return Bin(inf, -inf, 0.0, 0)
    return Bin(min(finite), max(finite), sum(finite), len(finite))


def _joined(bins: Sequence[Bin]) -> Bin:
    return Bin(
        min(bin.low for bin in bins),
        max(bin.high for bin in bins),
        sum(bin.total for bin in bins),
        sum(bin.finite for bin in bins),
    )
