"""A line of results, with its spread, as a plot takes it: open where it is no number, thinned to what can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import isfinite
from typing import NamedTuple

from tp1tui.spec.results import Line
from tp1tui.tui.plots.chart import Shade
from tp1tui.tui.plots.envelope import Stretch
from tp1tui.tui.plots.sight import Sight


class _Place(NamedTuple):
    x: float
    y: float
    spread: float


def stretches(line: Line, sight: Sight) -> tuple[Stretch, ...]:
    """The points that a line may connect, as far as they are looked at.

    Args:
        line: In rising x.
        sight: What is looked at.
    """
    return tuple([(place.x, place.y) for place in _seen(part, sight)] for part in _parts(line))


def shade(line: Line, sight: Sight) -> Shade | None:
    """The surface of a line's spread; None where it has none."""
    if line.spread is None:
        return None
    parts = (_seen(part, sight) for part in _parts(line))
    return Shade(tuple(tuple((x, y - spread, y + spread) for x, y, spread in part) for part in parts))


def _parts(line: Line) -> list[list[_Place]]:
    """What lies between values that are no numbers; infinities end a part, and are drawn as its last point."""
    spreads = line.spread or (0.0,) * len(line.x)
    places = [_Place(*place) for place in zip(line.x, line.y, spreads, strict=True)]
    drawn = groupby(places, key=lambda place: place.y == place.y)
    return [
        [place._replace(spread=place.spread if isfinite(place.spread) else 0.0) for place in part]
        for is_number, part in drawn
        if is_number
    ]


def _seen(places: Sequence[_Place], sight: Sight) -> Sequence[_Place]:
    """The lowest and the highest of every few, where there are more than can be told apart: spikes stay."""
    places = places[sight.slice_of([place.x for place in places])]
    together = 2 * len(places) // max(1, sight.dots)
    if together < 3:
        return places
    kept: list[_Place] = []
    for start in range(0, len(places), together):
        part = places[start : start + together]
        kept += sorted({min(part, key=lambda place: place.y), max(part, key=lambda place: place.y)})
    return kept
