"""A plot under its legend, to be zoomed and read off by key and mouse.

Told where its data comes from; draws when told to, and when its size changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import thread_time

from textual.events import (
    Click,
    Leave,
    MouseDown,
    MouseEvent,
    MouseMove,
    MouseScrollDown,
    MouseScrollLeft,
    MouseScrollRight,
    MouseScrollUp,
    MouseUp,
    Resize,
)
from textual.message import Message

from tp1tui.tui.plots.glyphs import sign_drawn
from tp1tui.tui.plots.reading import Value
from tp1tui.tui.plots.readout import in_sight, readout
from tp1tui.tui.plots.scene import Attention, Scene
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line, Tone, fitted, width_of
from tp1tui.tui.widgets.inked import Inked
from tp1tui.tui.widgets.line_view import LineView

GAP = 3
NOTCH = 1.5
"""How many times closer one notch of the wheel leads."""
PAN = 0.25
"""Of what is in sight, how far one key or one notch leads to the side."""
DRAG = 2
"""Columns that the mouse is moved with its button down before that is no click any more."""


class PlotView(LineView, Inked):
    """One plot. Its cost is known, so that whoever tells it to draw can keep from doing so too often."""

    ALLOW_MAXIMIZE = True
    ALLOW_SELECT = False
    """The mouse reads off values and marks what to zoom into, but no text."""
    DEFAULT_CSS = "PlotView { height: 1fr; }"

    @dataclass
    class Attended(Message):
        """A person looks elsewhere in the plot, or has turned to it."""

        view: PlotView

    def __init__(self, key: str, title: str, source: Callable[[Sight], Plot], *, id: str) -> None:
        """Prepare the plot.

        Args:
            key: Which key brings it to the front; empty for none.
            title: What it shows.
            source: Makes the plot for what is looked at.
            id: Of the widget.
        """
        super().__init__(id=id)
        self.seconds = 0.0
        """Of this process's time that a drawing takes, waiting for a core that trains excluded: what the shorter of the
        last two took, since a process's first one imports and prepares what all others find there."""
        self._last_seconds = 0.0
        self.log_y = False
        """Whether the source's chart has a log scale, for the title."""
        self.is_titled = True
        """Whether its key and title stand before the legend."""
        self.scene = Scene(source)
        self.title, self._key = title, key
        self._pointed: float | None = None
        """The place under the mouse, which is read off in place of the cursor's."""
        self._drag: tuple[int, int] | None = None
        """The columns where the mouse was pressed, and where it is now."""

    def draw_now(self) -> None:
        """Draw what the source has now."""
        width, height = self.content_size
        if not self.display or width < 1 or height < 1 or self.screen.maximized not in (None, self):
            return
        begin = thread_time()
        self.scene.draw(width, height - 1, self.glyphs)
        self._show()
        seconds = thread_time() - begin
        self.seconds, self._last_seconds = min(seconds, self._last_seconds), seconds

    def on_resize(self, event: Resize) -> None:
        """Another size is another drawing."""
        self.draw_now()

    # What is looked at.

    @property
    def over(self) -> str:
        """What lies along the x axis."""
        return self.scene.plot.chart.x_name if self.scene.plot else ""

    @property
    def attention(self) -> Attention:
        """What is in sight, and where the cursor is."""
        return self.scene.attention

    def attend(self, attention: Attention) -> None:
        """Look somewhere, and say so."""
        self._pointed = None
        self.look(attention)
        self.post_message(self.Attended(self))

    def look(self, attention: Attention) -> None:
        """Look somewhere, as in another plot over the same axis. Where only the cursor moves, only that is drawn."""
        before, self.scene.attention = self.attention, attention
        if before.window != attention.window:
            self.draw_now()
        else:
            self._show()

    # What stands on the screen.

    def _show(self) -> None:
        """What is drawn, the cursor over it, and above it the legend or what is read off."""
        scene = self.scene
        if scene.plot is None:
            return
        place = self.attention.cursor if self._pointed is None else self._pointed
        values = scene.read(place) if place is not None else []
        columns = list(self._drag or ())
        if place is not None and (column := scene.column(place)) is not None:
            columns.append(column)
        rows = scene.rows(self.glyphs, values, columns) if columns else scene.drawing.rows
        self.show_lines([self._head(scene.plot, place, values), *map(tuple, rows)])

    def _head(self, plot: Plot, place: float | None, values: list[Value]) -> Line:
        title = f"{self.title}, log" if self.log_y else self.title
        is_titled = self.title and (self.is_titled or self.is_maximized)
        key: Line = ((f"{self._key} ", Tone.KEY),) if self._key else ()
        head: list[Line] = [(*key, (title, Tone.STRONG))] if is_titled else []
        if self.attention.window:
            head.append(in_sight(self.attention.window, plot.chart))
        width, frame = self.content_size.width, self.scene.drawing.frame
        room = width - sum(width_of(item) + GAP for item in head)
        if place is not None and frame:
            items = readout(values, place, plot.chart, frame, plot.quantity, room)
        else:
            items = list(plot.legend if _width(plot.legend, GAP) <= room else plot.brief)
        gap = GAP if _width([*head, *items], GAP) <= width else 2
        return fitted([*head, *(self._as_drawn(item) for item in items)], width, gap)

    def _as_drawn(self, item: Line) -> Line:
        """An item of the legend, its sign one of the characters that the plot is made of."""
        return tuple((sign_drawn(text[:1], role, self.glyphs) + text[1:], role) for text, role in item)

    # The mouse.

    def on_mouse_move(self, event: MouseMove) -> None:
        """Read off what is pointed at; with the button down, mark what to zoom into."""
        column = _column(event, self)
        if self._drag:
            self._drag = (self._drag[0], column)
        pointed = self.scene.place_at(column)
        if pointed != self._pointed or self._drag:
            self._pointed = pointed
            self._show()

    def on_leave(self, event: Leave) -> None:
        """Read off the cursor's place again."""
        if self._pointed is not None and not self._drag:
            self._pointed = None
            self._show()

    def on_mouse_down(self, event: MouseDown) -> None:
        """Begin to mark."""
        if event.button == 1 and self.scene.drawing.frame:
            self.capture_mouse()
            self._drag = (_column(event, self), _column(event, self))

    def on_mouse_up(self, event: MouseUp) -> None:
        """Zoom into what is marked; where nothing is, put the cursor there."""
        if self._drag is None:
            return
        self.release_mouse()
        (start, end), self._drag = self._drag, None
        if abs(end - start) >= DRAG:
            self.attend(self.scene.selected(start, end))
        elif (place := self.scene.place_at(start)) is not None:
            self.attend(replace(self.attention, cursor=place))

    def on_click(self, event: Click) -> None:
        """Twice: the whole plot again."""
        if event.chain == 2:
            self.attend(replace(self.attention, window=None))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Look closer at what is pointed at; with Shift or Ctrl, farther to the left."""
        self._turned(event, self.scene.zoomed(NOTCH, _column(event, self)), -PAN)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Look from farther away; with Shift or Ctrl, farther to the right."""
        self._turned(event, self.scene.zoomed(1 / NOTCH, _column(event, self)), PAN)

    def on_mouse_scroll_left(self, event: MouseScrollLeft) -> None:
        """Look farther to the left."""
        self._turned(event, self.scene.panned(-PAN), -PAN)

    def on_mouse_scroll_right(self, event: MouseScrollRight) -> None:
        """Look farther to the right."""
        self._turned(event, self.scene.panned(PAN), PAN)

    def _turned(self, event: MouseEvent, closer: Attention, part: float) -> None:
        event.stop()
        self.attend(self.scene.panned(part) if event.shift or event.ctrl else closer)


def _width(items: Sequence[Line], gap: int) -> int:
    return sum(width_of(item) + gap for item in items) - gap


def _column(event: MouseEvent, view: PlotView) -> int:
    return event.get_content_offset_capture(view).x
