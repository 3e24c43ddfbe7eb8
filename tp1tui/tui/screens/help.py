"""Help for the screen one is on, made from the bindings that dispatch its keys."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tp1tui.tui.keys import possible_now
from tp1tui.tui.lab import Lab
from tp1tui.tui.screens.modal import Modal

KEYS_WIDTH = 18
COPYING = (
    "To copy text: mark it with the mouse and press Ctrl+C. It gets to your clipboard through the terminal (OSC 52), "
    "over SSH as well; inside tmux say `set -g set-clipboard on`. Where the terminal does not take it, hold Shift "
    "(Option on macOS) while you drag: then the terminal itself marks and copies."
)
CHANGED = "You have changed keys. Where the sentences above name a key, they mean the one that it was at first."


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
        self._notes = f"{COPYING}\n\n{CHANGED}" if cast("Lab", about.app).keys_changed else COPYING

    def compose(self) -> ComposeResult:
        """Sentences over keys; both scroll."""
        with Vertical(id="frame") as frame:
            frame.border_title = "help"
            frame.border_subtitle = "Esc closes"
            with VerticalScroll(id="help"):
                yield Static(self._sentences, id="sentences", markup=False)
                yield Static(Content("\n").join(self._keys), id="keys")
                yield Static(self._notes, id="notes", markup=False)


def key_lines(screen: Screen[Any]) -> list[Content]:
    """One line for each thing that is possible now: its keys and what they do."""
    return [
        Content.assemble((f"{'  '.join(entry.names):<{KEYS_WIDTH}}", "bold $footer-key-foreground"), entry.description)
        for entry in possible_now(screen)
    ]
