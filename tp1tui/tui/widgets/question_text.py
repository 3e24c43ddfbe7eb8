"""The chosen question in words: what is asked, what to watch, what the report found, what a start would cost."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class QuestionText(VerticalScroll, inherit_bindings=False):
    """A text that scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Scroll up", show=False),
        Binding("down", "scroll_down", "Scroll down", show=False),
        Binding("pageup", "page_up", "A page up", show=False),
        Binding("pagedown", "page_down", "A page down", show=False),
        Binding("home", "scroll_home", "To the top", show=False),
        Binding("end", "scroll_end", "To the end", show=False),
    ]

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="words")

    def show(self, text: Content) -> None:
        """Another text, from its top."""
        self.query_one("#words", Static).update(text)
        self.scroll_home(animate=False)

    def update(self, text: Content) -> None:
        """The same text with something new in it; stays where it is scrolled to."""
        self.query_one("#words", Static).update(text)
