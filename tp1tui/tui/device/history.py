"""The last minutes of a few figures, ready to be drawn at any width."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from math import ceil, floor
from statistics import fmean

WINDOW = 180.0
"""Seconds that a chart shows, from its left to its right, at the least."""
KEPT = 600
"""Moments that are kept; with one a second, ten minutes."""


class History:
    """Figures by name at each moment. Whenever nobody looked, there is a gap."""

    def __init__(self) -> None:
        """Begin empty."""
        self._moments: deque[tuple[float, Mapping[str, float | None]]] = deque(maxlen=KEPT)

    def add(self, time: float, figures: Mapping[str, float | None]) -> None:
        """Keep what was seen.

        Args:
            time: Seconds since 1970; rising from call to call.
            figures: Each in percent, None where nobody tells.
        """
        self._moments.append((time, figures))

    def __len__(self) -> int:
        return len(self._moments)

    def columns(self, name: str, now: float, count: int) -> list[float | None]:
        """The mean of each stretch of the last minutes, in percent; None where nothing was seen.

        Stretches begin at fixed times, so that a drawing moves on by whole columns.

        Args:
            name: Of the figure.
            now: Seconds since 1970, the right end.
            count: Stretches, from left to right.
        """
        if count < 1:
            return []
        seconds = step(count)
        last = floor(now / seconds)
        parts: list[list[float]] = [[] for _ in range(count)]
        for time, figures in self._moments:
            at, value = count - 1 - (last - floor(time / seconds)), figures.get(name)
            if 0 <= at < count and value is not None:
                parts[at].append(value)
        return [fmean(part) if part else None for part in parts]


def step(count: int) -> int:
    """Seconds that each of so many columns stands for."""
    return max(1, ceil(WINDOW / max(1, count)))
