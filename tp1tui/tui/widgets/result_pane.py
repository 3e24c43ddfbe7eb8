"""Results one under the other, scrolled up and down; what is wider than the pane is moved sideways by columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.events import Resize

from tp1tui.spec.results import Result, Series
from tp1tui.tui.keymap.named import Named
from tp1tui.tui.results.blocks import Block, Room, blocks, draw_block
from tp1tui.tui.results.sideways import Drawn
from tp1tui.tui.run.lines import Line
from tp1tui.tui.widgets.inked import Inked
from tp1tui.tui.widgets.line_view import LineView


class ResultPane(Named, ScrollableContainer, Inked, can_focus=True, inherit_bindings=False):
    """Shown anew, only the results that differ are laid out again, and only the cells that differ are drawn."""

    DEFAULT_CSS = """
    ResultPane {
        height: 1fr;
        width: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-color: $border-blurred;
        scrollbar-background: $background;
        & > LineView { width: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "scroll up", show=False),
        Binding("down", "scroll_down", "scroll down", show=False),
        Binding("pageup", "page_up", "a page up", show=False),
        Binding("pagedown", "page_down", "a page down", show=False),
        Binding("home", "scroll_home", "to the top", show=False),
        Binding("end", "scroll_end", "to the end", show=False),
        Binding("left", "sideways(-1)", "columns to the left", show=False),
        Binding("right", "sideways(1)", "columns to the right", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._blocks: list[Block] = []
        self._drawn: dict[str, tuple[Block, Room, Drawn]] = {}
        self._tops: dict[str, int] = {}
        self._across = 0
        self._view = LineView()

    def compose(self) -> ComposeResult:
        """All results as lines."""
        yield self._view

    @property
    def names(self) -> list[str]:
        """What stands one under the other."""
        return [block.name for block in self._blocks]

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return self._view.text

    def show(self, results: Iterable[Result]) -> None:
        """Show these results."""
        self._blocks = blocks(results)
        self.draw_now()

    def series(self, name: str | None) -> Series | None:
        """The result of this name, where it is lines of a plot."""
        found = next((block.results[0] for block in self._blocks if block.name == name), None)
        return found if isinstance(found, Series) else None

    def go_to(self, name: str) -> None:
        """Bring a result to the top of the pane, or as near to it as there are lines under it."""
        if name in self._tops:
            self.scroll_to(y=self._tops[name], animate=False, immediate=True)

    def draw_now(self) -> None:
        """Lay out for the size there is now."""
        width, height = self.scrollable_content_region.size
        if width < 1 or height < 1:
            return
        room = Room(width, height, self.ink, self._across)
        self._drawn = {block.name: (block, room, self._draw(block, room)) for block in self._blocks}
        lines: list[Line] = []
        for name, (_, _, drawn) in self._drawn.items():
            lines += [()] if lines else []
            self._tops[name] = len(lines)
            lines += drawn.lines
        self._view.show_lines(lines)

    def _draw(self, block: Block, room: Room) -> Drawn:
        before = self._drawn.get(block.name)
        if before and before[1] == room and _same(before[0].results, block.results):
            return before[2]
        return draw_block(block, room)

    @property
    def _most(self) -> int:
        """How far the widest can be moved sideways."""
        return max((drawn.most for _, _, drawn in self._drawn.values()), default=0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Sideways only where something is wider than the pane."""
        return self._most > 0 if action == "sideways" else True

    def action_sideways(self, by: int) -> None:
        """Move what is wider than the pane by a column."""
        self._across = max(0, min(self._most, self._across + by))
        self.draw_now()

    def on_resize(self, event: Resize) -> None:
        """Lay out for another size."""
        self.draw_now()

    def watch_show_vertical_scrollbar(self) -> None:
        """Lay out for the width that the scrollbar leaves."""
        self.call_after_refresh(self.draw_now)


def _same(before: Sequence[Any], after: Sequence[Any]) -> bool:
    """Whether these are the very same results; comparing their numbers would take longer than drawing them."""
    return len(before) == len(after) and all(old is new for old, new in zip(before, after, strict=True))
