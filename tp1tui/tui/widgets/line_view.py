"""Lines of text in tones. Shown anew, only the cells that differ are drawn: what a slow link is grateful for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from tp1tui.tui.plots.chart import FAINT
from tp1tui.tui.run.lines import Line, Piece
from tp1tui.tui.widgets.marked import marked
from tp1tui.tui.widgets.tones import STYLES


class LineView(Widget):
    """A widget that is its lines. Its height follows them where its style says `auto`."""

    DEFAULT_CSS = """
    LineView {
        height: auto;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()
        self._styles: dict[str, Style] = {}
        """Of the tones that were drawn with this widget's background and the present theme."""

    def show_lines(self, lines: Iterable[Iterable[Piece]]) -> None:
        """Show other lines; what stays the same is not drawn again."""
        before, self._lines = self._lines, tuple(tuple(line) for line in lines)
        if len(before) != len(self._lines):
            height = self.styles.height
            self.refresh(layout=height is not None and height.is_auto)
            return
        changed = list(_changes(before, self._lines, self.content_size.width))
        if changed:
            self.refresh(*changed)

    @property
    def text(self) -> str:
        """All lines as plain text."""
        return "\n".join("".join(text for text, _ in line) for line in self._lines)

    def render_line(self, y: int) -> Strip:
        """One line, as wide as the widget."""
        width = self.content_size.width
        base = self.rich_style
        if y >= len(self._lines):
            return Strip.blank(width, base)
        segments = [Segment(text, self._style_of(tone) if tone else base) for text, tone in self._lines[y]]
        strip = Strip(segments).adjust_cell_length(width, base)
        span = self.text_selection.get_span(y) if self.text_selection else None
        if span:
            strip = marked(strip, span, self.screen.get_component_rich_style("screen--selection"))
        return strip.apply_offsets(0, y)

    def _style_of(self, tone: str) -> Style:
        """A tone's or a role's by the theme; colours are what they are."""
        style = self._styles.get(tone)
        if style is None:
            style = self._styles[tone] = self._found_style(tone)
        return style

    def _found_style(self, tone: str) -> Style:
        if "#" in tone:
            return self.rich_style + Style.parse(tone)
        if tone in FAINT and self.app.no_color:
            return Style(dim=True)  # what colour tells elsewhere
        return (self.visual_style + self.app.stylesheet.parse_style(STYLES[tone])).rich_style

    def notify_style_update(self) -> None:
        """The theme is another, or the background."""
        self._styles.clear()
        super().notify_style_update()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        return len(self._lines)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What was marked with the mouse, as plain text."""
        return selection.extract(self.text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the marked part."""
        self.refresh()


def _changes(before: tuple[Line, ...], after: tuple[Line, ...], width: int) -> Iterator[Region]:
    """The stretch of each line that differs."""
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        old_cells, new_cells = _cells(old, width), _cells(new, width)
        if old_cells is None or new_cells is None:
            yield Region(0, y, width, 1)
            continue
        places = [x for x, (a, b) in enumerate(zip(old_cells, new_cells, strict=True)) if a != b]
        if places:
            yield Region(places[0], y, places[-1] - places[0] + 1, 1)


def _cells(line: Line, width: int) -> list[tuple[str, str | None]] | None:
    """Character and tone of each cell; None where a character takes two."""
    cells: list[tuple[str, str | None]] = []
    for text, tone in line:
        if cell_len(text) != len(text):
            return None
        cells += [(character, tone) for character in text]
    return (cells + [(" ", None)] * (width - len(cells)))[:width]
