"""The ground of every scrolling pane: shown anew, only the lines that differ are drawn, and nothing around is moved."""

from __future__ import annotations

from collections.abc import Sequence

from textual.events import Resize
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tp1tui.tui.keymap.named import Named
from tp1tui.tui.widgets.marked import marked


class Lines(Named, ScrollView, can_focus=True, inherit_bindings=False):
    """A widget that is its lines; what they are is its subclass's affair."""

    DEFAULT_CSS = """
    Lines {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-color: $border-blurred;
        scrollbar-background: $background;
    }
    """
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)
    """Of all lines. A change lays nothing out anew: `redraw` draws what it changes."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._lines: Sequence[Strip] = ()

    def strips(self, width: int) -> Sequence[Strip]:
        """All lines, at most as wide as this."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """What it says, plain, as it is wrapped."""
        return "\n".join(strip.text.rstrip() for strip in self._lines)

    def redraw(self) -> None:
        """Ask for the lines again, and draw those that differ."""
        width, height = self.scrollable_content_region.size
        if width <= 0:
            return
        before = [self.in_sight(y) for y in range(height)]
        self._lines, lines_before = self.strips(width), len(self._lines)
        self.virtual_size = Size(width, len(self._lines))
        grows = self.styles.is_auto_height and len(self._lines) != lines_before
        if grows or (len(self._lines) > height) != self.show_vertical_scrollbar:
            self.refresh(layout=True)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = len(self._lines)
            self.vertical_scrollbar.window_size = height
        if self.scroll_offset.y > (bottom := max(0, len(self._lines) - height)):
            self.scroll_to(y=bottom, animate=False, immediate=True)
        for y, old in enumerate(before):
            new = self.in_sight(y)
            if old != new:
                self.refresh(Region(0, y, max(strip.cell_length for strip in (old, new) if strip is not None), 1))

    def in_sight(self, y: int) -> Strip | None:
        """The line that is `y` lines under the widget's top; None under the last."""
        y += self.scroll_offset.y
        return self._lines[y] if y < len(self._lines) else None

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight."""
        strip = self.in_sight(y) or Strip([])
        strip = strip.adjust_cell_length(self.scrollable_content_region.width, self.rich_style)
        line = y + self.scroll_offset.y
        span = self.text_selection.get_span(line) if self.text_selection else None
        if span:
            strip = marked(strip, span, self.screen.get_component_rich_style("screen--selection"))
        return strip.apply_offsets(0, line)

    def on_resize(self, event: Resize) -> None:
        """Lay out for another size."""
        self.reshape()

    def reshape(self) -> None:
        """Lay out for the size there is now."""
        self.redraw()

    def watch_show_vertical_scrollbar(self) -> None:
        """Lay out for the width that the scrollbar leaves."""
        self.call_after_refresh(self.reshape)

    def notify_style_update(self) -> None:
        """Draw in other colours, once those of the parts, such as cursors, are known as well."""
        super().notify_style_update()
        if self._lines:
            self.call_later(self.redraw)

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw what the mouse has marked."""
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What the mouse has marked."""
        return selection.extract(self.text), "\n"
