"""What a sweep over one number finds: the error that is left at the end against that number (question ab02)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from tp1tui.journal.events import Epoch
from tp1tui.journal.spread import deviation, mean
from tp1tui.journal.sweep_record import Point
from tp1tui.spec.results import Axis, Line, Series

DECADE = 10.0
"""How many times the smallest value the largest must be for a logarithmic axis."""


def error_over_field(found: Sequence[Point]) -> Series | None:
    """Error after the last epoch on the training and on the test set, in percent, against the field that is varied.

    Args:
        found: Points of a sweep.

    Returns:
        Two lines in rising order of the field, means over seeds with their deviation; None unless one field is varied
        whose values are all numbers, and at least two points have measured anything.
    """
    placed = sorted(_placed(found), key=lambda pair: pair[0])
    if len(placed) < 2:
        return None
    (name,) = found[0].values
    places = [place for place, _ in placed]
    is_wide = places[0] > 0 and places[-1] > DECADE * places[0]
    points = [point for _, point in placed]
    return Series(
        name="final error",
        note="After each run's last epoch: 100 % less top-1.",
        x=Axis(name=name, scale="log" if is_wide else "linear"),
        y=Axis(name="error", unit="%"),
        lines=(
            _line("train", places, points, lambda epoch: 100 - epoch.train_top1),
            _line("test", places, points, lambda epoch: 100 - epoch.test_top1),
        ),
    )


def _placed(found: Sequence[Point]) -> list[tuple[float, Point]]:
    """Points that have measured something, each with the number that it stands at; none where one has no number."""
    placed: list[tuple[float, Point]] = []
    for point in found:
        value = next(iter(point.values.values())) if len(point.values) == 1 else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return []
        if any(member.record.last for member in point.members):
            placed.append((float(value), point))
    return placed


def _line(name: str, places: Sequence[float], points: Sequence[Point], error: Callable[[Epoch], float]) -> Line:
    values = [[error(member.record.last) for member in point.members if member.record.last] for point in points]
    several = any(len(point.members) > 1 for point in points)
    return Line(
        name=name,
        x=tuple(places),
        y=tuple(mean(at) or 0.0 for at in values),
        spread=tuple(deviation(at) or 0.0 for at in values) if several else None,
    )
