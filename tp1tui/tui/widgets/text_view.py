"""A text that scrolls."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual

from tp1tui.tui.widgets.lines import Lines


class TextView(Lines):
    """Wraps its text to its width."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "scroll up", show=False),
        Binding("down", "scroll_down", "scroll down", show=False),
        Binding("pageup", "page_up", "a page up", show=False),
        Binding("pagedown", "page_down", "a page down", show=False),
        Binding("home", "scroll_home", "to the top", show=False),
        Binding("end", "scroll_end", "to the end", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._text = Content()

    def show_text(self, text: Content) -> None:
        """Show another text."""
        self._text = text
        self.redraw()

    def strips(self, width: int) -> list[Strip]:
        """The text, wrapped."""
        return Visual.to_strips(self, self._text, width, None, self.visual_style)
