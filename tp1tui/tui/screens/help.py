"""Help for the screen one is on, made from the bindings that dispatch its keys."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tp1tui.tui.keys import possible_now
from tp1tui.tui.screens.modal import Modal

KEYS_WIDTH = 18


class HelpModal(Modal[None]):
    """A few sentences and every key that does something now."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = "#help"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "dismiss", "close", show=False),
    ]

    def __init__(self, about: Screen[Any]) -> None:
        """Prepare help.

        Args:
            about: The screen that it is about; its class may say a few sentences in HELP.
        """
        super().__init__()
        self._sentences = getattr(about, "HELP", "") or ""
        self._keys = key_lines(about)

    def compose(self) -> ComposeResult:
        """Sentences over keys; both scroll."""
        with Vertical(id="frame") as frame:
            frame.border_title = "help"
            frame.border_subtitle = "Esc closes"
            with VerticalScroll(id="help"):
                yield Static(self._sentences, id="sentences", markup=False)
                yield Static(Content("\n").join(self._keys), id="keys")


def key_lines(screen: Screen[Any]) -> list[Content]:
    """One line for each thing that is possible now: its keys and what they do."""
    return [
        Content.assemble((f"{'  '.join(entry.names):<{KEYS_WIDTH}}", "bold $footer-key-foreground"), entry.description)
        for entry in possible_now(screen)
    ]
