"""A plot that is looked at: what of it is in sight, which place is read off, and where keys and the mouse lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import log10

from tp1tui.tui.plots.canvas import Run
from tp1tui.tui.plots.draw import Drawing, drawing
from tp1tui.tui.plots.glyphs import GLYPHS, Glyphs
from tp1tui.tui.plots.overlay import laid_over, uprights
from tp1tui.tui.plots.reading import Value, nearest, neighbour, places, values_at
from tp1tui.tui.plots.sight import Range, Sight
from tp1tui.tui.plots.viewport import held, panned, showing, zoomed
from tp1tui.tui.run.curves import Plot

DOTS = 2
"""Places side by side in a cell."""
LEAST_WHOLE = 2.0
"""Of an axis of whole numbers, the shortest stretch in sight."""
LEAST = 1e-6
"""Of any other, as a part of the whole."""


@dataclass(frozen=True)
class Attention:
    """Where a person looks: what plots over the same axis share."""

    window: Range | None = None
    """What is in sight, in the data's units; None for the whole plot, which follows its data."""
    cursor: float | None = None
    """The place whose values are read off."""


class Scene:
    """One plot as it is drawn. What leads elsewhere returns an `Attention`, and changes nothing."""

    def __init__(self, source: Callable[[Sight], Plot]) -> None:
        """Prepare.

        Args:
            source: Makes the plot for what is looked at.
        """
        self.attention = Attention()
        self.plot: Plot | None = None
        """As it was drawn last; None before the first time."""
        self.drawing = Drawing([], None)
        self._source = source
        self._places: list[float] | None = None

    def draw(self, width: int, height: int, glyphs: Glyphs) -> None:
        """Draw what the source has now. A zoom stays where it is, unless it makes no sense any more.

        Args:
            width: Cells from left to right.
            height: Rows.
            glyphs: Which characters to draw with.
        """
        before = self.plot
        plot = self._source(Sight(width * DOTS, self.attention.window))
        if before and plot.chart.x_name != before.chart.x_name:
            self.attention = Attention()
            plot = self._source(Sight(width * DOTS))
        window = held(self.attention.window, plot.chart.x)
        if window != self.attention.window:
            self.attention = replace(self.attention, window=window)
            plot = self._source(Sight(width * DOTS, window))
        chart = replace(plot.chart, x=window) if window else plot.chart
        self.plot, self.drawing, self._places = plot, drawing(chart, width, height, glyphs), None

    def read(self, place: float) -> list[Value]:
        """Each curve's value at a place, to its last digit."""
        return values_at(self._source(Sight.at(place)).chart, place)

    def of_all(self) -> Plot:
        """The plot with every point of what is in sight."""
        return self._source(Sight.of_all(self.attention.window))

    def rows(self, glyphs: Glyphs, values: Iterable[Value], columns: Iterable[int]) -> list[list[Run]]:
        """What is drawn, with upright lines in some columns and a dot on each value."""
        frame, characters = self.drawing.frame, GLYPHS[glyphs]
        if frame is None:
            return self.drawing.rows
        cells = uprights(self.drawing, columns, characters)
        for value in values:
            cell = frame.cell(value.x, value.y) if value.y is not None else None
            if cell:
                cells[cell] = (characters.dot, value.curve.role)
        return laid_over(self.drawing.rows, cells)

    def column(self, place: float) -> int | None:
        """Where a place is drawn; None where it is out of sight."""
        frame = self.drawing.frame
        drawn = frame.drawn_x(place) if frame else None
        if frame is None or drawn is None or not frame.x[0] <= drawn <= frame.x[1]:
            return None
        return frame.column(drawn)

    @property
    def is_closest(self) -> bool:
        """Whether one cannot zoom in any more."""
        low, high = self._window
        return high - low <= self._least * (1 + 1e-9)

    # Where keys and the mouse lead.

    def zoomed(self, times: float, column: int | None = None) -> Attention:
        """Closer, or with less than 1 from farther away.

        Args:
            times: How much.
            column: What stays where it is; the cursor's when None, or the middle where there is no cursor in sight.
        """
        window, frame, cursor = self._window, self.drawing.frame, self.attention.cursor
        around = sum(window) / 2
        if column is not None and frame:
            around = self._drawn(frame.x_at(column))
        elif cursor is not None and self.column(cursor) is not None:
            around = self._drawn(cursor)
        return self._looking_at(zoomed(window, self._whole, times, around, self._least))

    def selected(self, start: int, end: int) -> Attention:
        """What lies between two columns, or as little as can be looked at."""
        frame = self.drawing.frame
        if frame is None:
            return self.attention
        low, high = (self._drawn(frame.x_at(column)) for column in sorted((start, end)))
        middle, length = (low + high) / 2, max(high - low, self._least)
        return self._looking_at(showing((middle - length / 2, middle + length / 2), self._whole, middle))

    def panned(self, part: float) -> Attention:
        """Farther to the right, or with less than 0 to the left, by a part of what is in sight."""
        if self.attention.window is None:
            return self.attention
        return self._looking_at(panned(self._window, self._whole, part))

    def moved(self, by: int) -> Attention:
        """The cursor on the next place to the right, or with -1 to the left; at first, on the last one in sight."""
        frame, cursor = self.drawing.frame, self.attention.cursor
        if frame is None:
            return self.attention
        if cursor is not None:
            return self._with_cursor(neighbour(self._known_places, frame, cursor, by))
        if self.attention.window is None:
            return self.at_end(-1)
        seen = [place for place in self._known_places if self.column(place) is not None]
        return self._with_cursor(seen[-1] if seen else None)

    def at_end(self, end: int) -> Attention:
        """The cursor on the first place of all (0), or the last (-1)."""
        if self.plot is None:
            return self.attention
        known = places(self._source(Sight.at(self.plot.chart.x[end])).chart)
        return self._with_cursor(known[end] if known else None)

    def place_at(self, column: int) -> float | None:
        """The place that is drawn nearest to a column; None where there is none."""
        return nearest(self._known_places, self.drawing.frame, column) if self.drawing.frame else None

    def _with_cursor(self, place: float | None) -> Attention:
        """The cursor somewhere, and that in sight."""
        if place is None:
            return self.attention
        there = replace(self.attention, cursor=place)
        if there.window is None or self.column(place) is not None:
            return there
        return replace(self._looking_at(showing(self._window, self._whole, self._drawn(place))), cursor=place)

    def _looking_at(self, drawn: Range | None) -> Attention:
        window = (self._undrawn(drawn[0]), self._undrawn(drawn[1])) if drawn else None
        return replace(self.attention, window=window)

    # In drawn units, in which zooming is done.

    @property
    def _whole(self) -> Range:
        low, high = self.plot.chart.x if self.plot else (0.0, 1.0)
        return self._drawn(low), self._drawn(high)

    @property
    def _window(self) -> Range:
        if self.attention.window is None:
            return self._whole
        low, high = self.attention.window
        return self._drawn(low), self._drawn(high)

    @property
    def _least(self) -> float:
        low, high = self._whole
        counts = self.plot is not None and self.plot.chart.whole_x and not self._is_log
        return min(LEAST_WHOLE, high - low) if counts else (high - low) * LEAST

    @property
    def _is_log(self) -> bool:
        return self.drawing.frame is not None and self.drawing.frame.log_x

    def _drawn(self, x: float) -> float:
        return log10(x) if self._is_log else x

    def _undrawn(self, x: float) -> float:
        return float(10**x) if self._is_log else x

    @property
    def _known_places(self) -> list[float]:
        if self._places is None:
            self._places = places(self.plot.chart) if self.plot else []
        return self._places
