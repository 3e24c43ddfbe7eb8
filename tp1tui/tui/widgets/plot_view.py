"""A plot under its legend. Told where its data comes from; draws when told to, and when its size changes."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from textual.events import Resize

from tp1tui.tui.plots.draw import draw
from tp1tui.tui.plots.glyphs import sign_drawn
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line, Tone, fitted, width_of
from tp1tui.tui.widgets.inked import Inked
from tp1tui.tui.widgets.line_view import LineView

DOTS = 2
"""Places side by side in a cell."""
GAP = 3


class PlotView(LineView, Inked):
    """One plot. Its cost is known, so that whoever tells it to draw can keep from doing so too often."""

    DEFAULT_CSS = "PlotView { height: 1fr; }"

    def __init__(self, key: str, title: str, source: Callable[[int], Plot], *, id: str) -> None:
        """Prepare the plot.

        Args:
            key: Which key brings it to the front.
            title: What it shows.
            source: Makes the plot for a number of dots from left to right.
            id: Of the widget.
        """
        super().__init__(id=id)
        self.seconds = 0.0
        """What the last drawing took."""
        self.log_y = False
        """Whether the source's chart has a log scale, for the title."""
        self.is_titled = True
        """Whether its key and title stand before the legend."""
        self._key, self._title, self._source = key, title, source

    def draw_now(self) -> None:
        """Draw what the source has now."""
        width, height = self.content_size
        if not self.display or width < 1 or height < 1:
            return
        begin = perf_counter()
        plot = self._source(width * DOTS)
        self.show_lines([self._legend(plot, width), *draw(plot.chart, width, height - 1, self.glyphs)])
        self.seconds = perf_counter() - begin

    def _legend(self, plot: Plot, width: int) -> Line:
        title = f"{self._title}, log" if self.log_y else self._title
        head: list[Line] = [((f"{self._key} ", Tone.KEY), (title, Tone.STRONG))] if self.is_titled else []
        words = sum(width_of(item) + GAP for item in (*head, *plot.legend)) - GAP
        legend, gap = (plot.legend, GAP) if words <= width else (plot.brief, 2)
        return fitted([*head, *(self._as_drawn(item) for item in legend)], width, gap)

    def _as_drawn(self, item: Line) -> Line:
        """An item of the legend, its sign one of the characters that the plot is made of."""
        return tuple((sign_drawn(text[:1], role, self.glyphs) + text[1:], role) for text, role in item)

    def on_resize(self, event: Resize) -> None:
        """Another size is another drawing."""
        self.draw_now()
