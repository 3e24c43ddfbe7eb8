"""Lines as far as the frame holds them: what leaves it leaves at its edge."""

from __future__ import annotations

from collections.abc import Iterator

from tp1tui.tui.plots.chart import Curve
from tp1tui.tui.plots.extent import HUGE
from tp1tui.tui.plots.frame import Frame

Point = tuple[float, float]
"""(x, y) in drawn units."""


def drawn_lines(curve: Curve, frame: Frame) -> Iterator[list[Point]]:
    """A curve's lines in drawn units, broken where a value cannot be drawn and cut where one lies outside."""
    for stretch in curve.stretches:
        line: list[Point] = []
        before: Point | None = None
        for x, y in stretch:
            drawn_x, drawn_y = frame.drawn_x(x), frame.drawn(y)
            point = (drawn_x, drawn_y) if drawn_x is not None and drawn_y is not None else None
            part = _within(before, point, frame.y)
            if part and line and part[0] == line[-1]:
                line += part[1:]
            else:
                if line:
                    yield line
                line = part
            before = point
        if line:
            yield line


def leaving(curve: Curve, frame: Frame) -> Iterator[tuple[int, bool]]:
    """(column, whether over the upper edge) of each point that lies outside; infinity does, NaN does not."""
    low, high = frame.y
    for stretch in curve.stretches:
        for x, y in stretch:
            drawn_x, drawn_y = frame.drawn_x(x), frame.drawn(y)
            if drawn_x is None or not frame.x[0] <= drawn_x <= frame.x[1]:
                continue
            over = drawn_y > high if drawn_y is not None else y > HUGE
            under = drawn_y is not None and drawn_y < low
            if over or under:
                yield frame.column(drawn_x), over


def _within(start: Point | None, end: Point | None, limits: tuple[float, float]) -> list[Point]:
    """The part of a line from start to end that lies within the limits of y; only `end` where there is no start."""
    low, high = limits
    if end is None:
        return []
    if start is None:
        return [end] if low <= end[1] <= high else []
    if max(start[1], end[1]) < low or min(start[1], end[1]) > high:
        return []
    return [_moved(start, end, limits), _moved(end, start, limits)]


def _moved(point: Point, other: Point, limits: tuple[float, float]) -> Point:
    """A point, or where the way to another one comes in."""
    low, high = limits
    edge = min(max(point[1], low), high)
    if edge == point[1]:
        return point
    part = (edge - point[1]) / (other[1] - point[1])
    return point[0] + part * (other[0] - point[0]), edge
