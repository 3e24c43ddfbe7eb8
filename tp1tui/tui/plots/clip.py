"""Lines as far as the frame holds them: what leaves it leaves at its edge."""

from __future__ import annotations

from collections.abc import Iterator

from tp1tui.tui.plots.chart import Curve
from tp1tui.tui.plots.extent import HUGE
from tp1tui.tui.plots.frame import Frame
from tp1tui.tui.plots.sight import Range

Point = tuple[float, float]
"""(x, y) in drawn units."""
X, Y = 0, 1


def drawn_lines(curve: Curve, frame: Frame) -> Iterator[list[Point]]:
    """A curve's lines in drawn units, broken where a value cannot be drawn and cut where one lies outside."""
    for stretch in curve.stretches:
        line: list[Point] = []
        before: Point | None = None
        for x, y in stretch:
            drawn_x, drawn_y = frame.drawn_x(x), frame.drawn(y)
            point = (drawn_x, drawn_y) if drawn_x is not None and drawn_y is not None else None
            part = _within(before, point, frame)
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


def _within(start: Point | None, end: Point | None, frame: Frame) -> list[Point]:
    """The part of a line from start to end that lies in the frame; only `end` where there is no start."""
    if end is None:
        return []
    if start is None:
        return [end] if _holds(frame.x, end[X]) and _holds(frame.y, end[Y]) else []
    if all(_holds(frame.x, x) and _holds(frame.y, y) for x, y in (start, end)):
        return [start, end]
    ends: list[Point] = [start, end]
    for axis, limits in ((X, frame.x), (Y, frame.y)):
        if max(ends[0][axis], ends[1][axis]) < limits[0] or min(ends[0][axis], ends[1][axis]) > limits[1]:
            return []
        ends = [_moved(ends[0], ends[1], axis, limits), _moved(ends[1], ends[0], axis, limits)]
    return ends


def _holds(limits: Range, place: float) -> bool:
    return limits[0] <= place <= limits[1]


def _moved(point: Point, other: Point, axis: int, limits: Range) -> Point:
    """A point, or where the way to another one comes in."""
    edge = min(max(point[axis], limits[0]), limits[1])
    if edge == point[axis]:
        return point
    part = (edge - point[axis]) / (other[axis] - point[axis])
    across = point[1 - axis] + part * (other[1 - axis] - point[1 - axis])
    return (edge, across) if axis == X else (across, edge)
