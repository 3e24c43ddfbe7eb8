"""What every whole screen of the app shares: the keys between its panes, and the app it belongs to."""

from __future__ import annotations

from typing import ClassVar, cast

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tp1tui.tui.lab import Lab


class Page(Screen[None]):
    """A screen that fills the terminal."""

    HELP = ""
    """A few sentences for help; the keys are added from the bindings."""
    follows_runs = False
    """Whether the app is to look at the runs once a second while this screen is on."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "to the next pane", show=False),
        Binding("shift+tab", "app.focus_previous", "to the pane before", show=False),
        Binding("ctrl+c", "screen.copy_text", "copy what the mouse has selected", show=False),
    ]

    def action_back(self) -> None:
        """Back to where one came from, once, however often it was asked for in one burst."""
        if self.is_active:
            self.app.pop_screen()

    @property
    def lab(self) -> Lab:
        """The app."""
        return cast("Lab", self.app)
