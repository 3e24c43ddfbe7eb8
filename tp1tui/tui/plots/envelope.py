"""A series of any length, summed up at several widths, so that a million values cost what a hundred do."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from math import ceil, floor, inf, isfinite
from typing import NamedTuple

from tp1tui.tui.plots.sight import Range

Stretch = list[tuple[float, float]]
"""Points (x, y) that a line may connect."""

JOINED = 16
"""Neighbours that one bin of the next width sums up."""
FEW = 512
"""Values or bins that are summed up as they are."""
FINENESS = 4
"""Bins in a group, at least: a group's width is rounded up to whole bins, by no more than one in so many."""
PLACES_A_WINDOW = 8
"""At which a mean is computed, where the values are too many to do it at each."""
BINS_A_WINDOW = 32
"""That a mean is computed from, at least: by so little, its window is wider than asked for."""


class Bin(NamedTuple):
    """What is known of some values in a row."""

    low: float
    high: float
    """Of the finite values; less than `low` where there is none."""
    total: float
    """Sum of the finite values."""
    finite: int
    """How many those are."""


NOTHING = Bin(inf, -inf, 0.0, 0)


class _Level:
    """Bins of one width, side by side."""

    def __init__(self) -> None:
        self.lows, self.highs, self.totals = array("d"), array("d"), array("d")
        self.finite = array("q")

    def append(self, found: Bin) -> None:
        self.lows.append(found.low)
        self.highs.append(found.high)
        self.totals.append(found.total)
        self.finite.append(found.finite)

    def joined(self, start: int, end: int) -> Bin:
        """What is known of the bins from `start` to before `end`; at least one."""
        return Bin(
            min(self.lows[start:end]),
            max(self.highs[start:end]),
            sum(self.totals[start:end]),
            sum(self.finite[start:end]),
        )


class Envelope:
    """Lowest, highest and mean of an ever longer series, over any stretch of it.

    Every value is kept, and beside them bins of 16, 256, 4,096 … values, each summed up once, when it is full. A plot
    looks at the widest bins that are fine enough for it. So spikes stay at every zoom, and NaN and infinities are gaps:
    they never reach a plot.
    """

    def __init__(self, first_x: int = 0, values: array[float] | None = None) -> None:
        """Begin.

        Args:
            first_x: Place of the first value on the x axis; the next ones follow in steps of 1.
            values: That somebody else keeps, and only ever appends to: they are not copied, and count once `sum_up` is
                called. None to keep them here, beginning without any.
        """
        self.first_x = first_x
        self.length = 0
        """How many values there are."""
        self._values = array("d") if values is None else values
        self._levels: list[_Level] = []

    def extend(self, values: Sequence[float]) -> None:
        """Append values."""
        self._values.extend(values)
        self.sum_up()

    def sum_up(self) -> None:
        """Take in what was appended to the values."""
        self.length = len(self._values)
        full = self.length // JOINED
        if full and not self._levels:
            self._levels.append(_Level())
        for number, level in enumerate(self._levels):
            for place in range(len(level.lows), full):
                start, end = place * JOINED, (place + 1) * JOINED
                below = self._levels[number - 1] if number else None
                level.append(below.joined(start, end) if below else _bin(self._values[start:end]))
            full //= JOINED
            if full and number + 1 == len(self._levels):
                self._levels.append(_Level())  # which the loop comes to next

    def extremes(self, most: int, within: Range | None = None) -> list[Stretch]:
        """The series as lines: every value, or of each of at most `most` groups the lowest and the highest.

        Args:
            most: Groups that a plot can tell apart.
            within: What part of the x axis is looked at; the line goes on to the next point on either side of it.
        """
        start, end = self._indices(within)
        width = self._group_width(end - start, most)
        stretches: list[Stretch] = [[]]
        for first, low, high in self._groups(start, end, width):
            if low > high:
                stretches.append([])
                continue
            x = self._middle(first, width)
            if low == high:
                stretches[-1].append((x, low))
            elif (first // width) % 2:  # up in one, down in the next: the shortest line through all
                stretches[-1] += [(x, high), (x, low)]
            else:
                stretches[-1] += [(x, low), (x, high)]
        return [stretch for stretch in stretches if stretch]

    def means(self, most: int, window: int, within: Range | None = None) -> list[Stretch]:
        """The series smoothed: around each place the mean of about `window` values, at the ends of at least an eighth.

        Args:
            most: Places that a plot can tell apart.
            window: Values in each mean.
            within: What part of the x axis is looked at; the line goes on to the next point on either side of it.
        """
        start, end = self._indices(within)
        width = self._group_width(end - start, most)
        if width > 1:
            width = self._whole_bins(max(width, window // PLACES_A_WINDOW))
        level, size = self._fitting(window // BINS_A_WINDOW)
        stretches: list[Stretch] = [[]]
        for first, low, high in self._groups(start, end, width):
            middle = (first + min(first + width, self.length) - 1) // 2
            near = min(max(window, width) // 2, middle, self.length - 1 - middle)
            near = max(near, window // PLACES_A_WINDOW)  # else the ends would be single values
            mean = self._mean(level, size, max(0, middle - near), min(self.length, middle + near + 1))
            if mean is None or low > high:
                stretches.append([])
            else:
                stretches[-1].append((self._middle(first, width), mean))
        return [stretch for stretch in stretches if stretch]

    def _mean(self, level: _Level | None, size: int, start: int, end: int) -> float | None:
        """Of the finite values from `start` to before `end`, as whole bins of a level where they are full."""
        first, last = start // size, -(-end // size)
        if level is None or last > len(level.lows):
            found = self._summed(start, end)
            return found.total / found.finite if found.finite else None
        finite = sum(level.finite[first:last])
        return sum(level.totals[first:last]) / finite if finite else None

    def _indices(self, within: Range | None) -> tuple[int, int]:
        """Of the values that are looked at: from the first to before the last, one more on either side."""
        if within is None:
            return 0, self.length
        low, high = (place - self.first_x for place in within)
        start = max(0, min(self.length - 1, floor(low) - (floor(low) == low)))
        return start, max(start, min(self.length, ceil(high) + 1 + (ceil(high) == high)))

    def _group_width(self, count: int, most: int) -> int:
        """Values in each group, where `count` values become about `most` groups."""
        return self._whole_bins(max(1, -(-count // max(1, most))))

    def _whole_bins(self, width: int) -> int:
        """A group's width, rounded up to the bins that it will be made of."""
        bins = self._fitting(width // FINENESS)[1]
        return -(-width // bins) * bins

    def _fitting(self, width: int) -> tuple[_Level | None, int]:
        """The widest level whose bins are no wider than that, and their width; the values themselves are 1 wide."""
        found: tuple[_Level | None, int] = (None, 1)
        for number, level in enumerate(self._levels, start=1):
            if JOINED**number <= width:
                found = level, JOINED**number
        return found

    def _groups(self, start: int, end: int, width: int) -> Iterator[tuple[int, float, float]]:
        """(first value, lowest, highest) of each group that has a value from `start` to before `end`."""
        level, size = self._fitting(width // FINENESS)
        for first in range(start // width * width, end, width):
            last = min(first + width, self.length)
            if level is None:
                yield first, *_bin(self._values[first:last])[:2]
                continue
            bins = slice(first // size, last // size)
            rest = self._summed(last // size * size, last)
            yield first, min((rest.low, *level.lows[bins])), max((rest.high, *level.highs[bins]))

    def _summed(self, start: int, end: int) -> Bin:
        """What is known of the values from `start` to before `end`, from as few bins as can be."""
        found = NOTHING
        first, last = start, end
        for number in range(len(self._levels) + 1):
            if last <= first:
                break
            level = self._levels[number] if number < len(self._levels) else None
            if level is None or last - first <= FEW:
                return _both(found, self._part(number, first, last))
            first_full, last_full = -(-first // JOINED), last // JOINED
            found = _both(found, self._part(number, first, min(last, first_full * JOINED)))
            found = _both(found, self._part(number, max(last_full, first_full) * JOINED, last))
            first, last = first_full, last_full
        return found

    def _part(self, number: int, start: int, end: int) -> Bin:
        """Bins of a level in a row; those of level 0 are the values."""
        if end <= start:
            return NOTHING
        return self._levels[number - 1].joined(start, end) if number else _bin(self._values[start:end])

    def _middle(self, first: int, width: int) -> float:
        last = min(first + width, self.length) - 1
        return self.first_x + (first + last) / 2


def _bin(values: Sequence[float]) -> Bin:
    total = sum(values)
    if isfinite(total):
        return Bin(min(values), max(values), total, len(values))
    finite = [value for value in values if isfinite(value)]
    return Bin(min(finite), max(finite), sum(finite), len(finite)) if finite else NOTHING


def _both(one: Bin, other: Bin) -> Bin:
    if not other.finite:
        return one
    return Bin(min(one.low, other.low), max(one.high, other.high), one.total + other.total, one.finite + other.finite)
