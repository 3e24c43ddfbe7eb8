"""What stands over a plot that is pointed at or zoomed: the curves' values at a place, and which part is in sight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor

from tp1tui.tui.plots.axis import number
from tp1tui.tui.plots.chart import Chart, Curve, Role
from tp1tui.tui.plots.frame import Frame
from tp1tui.tui.plots.quantity import Quantity
from tp1tui.tui.plots.reading import Value
from tp1tui.tui.plots.sight import Range
from tp1tui.tui.run.lines import Line, Tone, width_of

DIGITS = 4
"""Of a place on an axis that is not of whole numbers."""


def readout(values: Sequence[Value], x: float, chart: Chart, frame: Frame, quantity: Quantity, room: int) -> list[Line]:
    """The place, and each curve's name and value. Values take the same room each, so that they stay where they are.

    Where not all fit, names shrink to the curves' signs; where they still do not, how many are left out is said.

    Args:
        values: As `values_at` gives them.
        x: The place.
        chart: What is drawn.
        frame: Where it is drawn.
        quantity: What the values are of.
        room: Cells there are for all of it.
    """
    wide = max(len(quantity.write(value)) for value in (*_ends(frame), *(value.y for value in values)))
    place: Line = ((f"{chart.x_name} ".lstrip(), None), (_padded_place(x, chart), Tone.STRONG))
    for gap, items in ((3, [_item(value, quantity, wide) for value in values]), (2, [*_brief(values, quantity, wide)])):
        if _width([place, *items], gap) <= room:
            return [place, *items]
    kept = len(items)
    while kept and _width([place, *items[:kept], _more(len(items) - kept)], gap) > room:
        kept -= 1
    return [place, *items[:kept], _more(len(items) - kept)]


def in_sight(window: Range, chart: Chart) -> Line:
    """Which part of the plot is in sight, and the key that shows the whole."""
    low, high = window
    name = f"{chart.x_name.removesuffix('s')}s " if chart.x_name else ""
    ends = (f"{ceil(low):,}", f"{floor(high):,}") if chart.whole_x else (_place(low, chart), _place(high, chart))
    words = f"{name}{ends[0]}–{ends[1]} of {_place(chart.x[1], chart)}"
    return (words, Tone.WARN), (" · ", Tone.DIM), ("0", Tone.KEY), (" whole", Tone.DIM)


def sign_of(curve: Curve) -> str:
    """What a legend shows of a curve: its letter, a dot, or a piece of its line."""
    return curve.sign or ("•" if curve.dotted else "│" if curve.role is Role.RAW else "━")


def _item(value: Value, quantity: Quantity, wide: int) -> Line:
    name = value.curve.called.removeprefix(f"{value.curve.sign} ") if value.curve.sign else value.curve.called
    return ((f"{sign_of(value.curve)} {name} ", value.curve.role), (quantity.write(value.y).rjust(wide), None))


def _brief(values: Sequence[Value], quantity: Quantity, wide: int) -> Iterator[Line]:
    for value in values:
        yield (f"{sign_of(value.curve)} ", value.curve.role), (quantity.write(value.y).rjust(wide), None)


def _more(count: int) -> Line:
    return ((f"and {count} more", Tone.DIM),)


def _width(items: Sequence[Line], gap: int) -> int:
    return sum(width_of(item) + gap for item in items) - gap


def _ends(frame: Frame) -> tuple[float, ...]:
    """The lowest and the highest value that there is room for."""
    return tuple(float(10**y) if frame.log_y else y for y in frame.y)


def _padded_place(x: float, chart: Chart) -> str:
    return _place(x, chart).rjust(len(_place(chart.x[1], chart)) if chart.whole_x else 0)


def _place(x: float, chart: Chart) -> str:
    return f"{x:,.0f}" if chart.whole_x else number(float(f"{x:.{DIGITS}g}"))
