"""Fetching a dataset: how far it has come, and what to do where it cannot be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Resize

from tp1tui.spec.dataset import FACTS, DatasetKind
from tp1tui.tui.fetch_lines import fetch_lines
from tp1tui.tui.screens.page import Page
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.line_view import LineView

LOOK_EVERY = 0.25
"""Seconds between two looks at how far it has come."""


class FetchScreen(Page):
    """Shows one download, which goes on when the screen is left."""

    CSS_PATH = "fetch.tcss"
    AUTO_FOCUS = None
    HELP = (
        "A dataset is fetched: from its authors, or from the next source that has it. It goes on while you do other "
        "things in tp1tui, and the bench says how far it is; leave the program, and the next fetch goes on from what "
        "came. The same from the shell: tp1tui data fetch."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "fetch", "fetch it", id="fetch.start"),
        Binding("enter", "go_on", "go on", id="fetch.go_on"),
        Binding("x", "stop", "stop", id="fetch.stop"),
        Binding("escape", "back", "to the bench", id="fetch.back"),
        Binding("q", "app.quit", "quit", id="fetch.quit"),
    ]

    def __init__(self, kind: DatasetKind, then: Callable[[], None] | None = None) -> None:
        """Prepare the screen.

        Args:
            kind: Which dataset.
            then: What to do once it is here and this screen is still on; when left out, Enter leads back.
        """
        super().__init__()
        self._kind, self._then = kind, then
        self._state = ""

    def compose(self) -> ComposeResult:
        """The lines, and the keys."""
        with VerticalScroll(id="frame", can_focus=False):
            yield LineView(id="lines")
        yield KeyBar()

    def on_mount(self) -> None:
        """Follow the download."""
        self._fetching = self.lab.fetching(self._kind)
        self.query_one("#frame").border_title = f"fetching {FACTS[self._kind].title}"
        self.call_after_refresh(self._follow)
        self.set_interval(LOOK_EVERY, self._follow)

    def on_resize(self, event: Resize) -> None:
        """The lines break elsewhere."""
        self.call_after_refresh(self._follow)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible now."""
        if not self.is_mounted:
            return True
        state = self._fetching.state
        match action:
            case "fetch":
                return state in ("waiting", "stopped", "failed")
            case "go_on":
                return state == "done"
            case "stop":
                return state == "running" and not self._fetching.is_stopping
        return True

    def _follow(self) -> None:
        """Show what has changed; go on once all is here."""
        lines = self.query_one(LineView)
        lines.show_lines(fetch_lines(self._fetching, max(20, lines.size.width)))
        state = f"{self._fetching.state} {self._fetching.is_stopping}"
        if state != self._state:
            self._state = state
            self.refresh_bindings()
            if self._fetching.state == "done" and self._then and self.is_current:
                self.action_go_on()

    def action_fetch(self) -> None:
        """Begin, or go on."""
        self._fetching.start()
        self._follow()

    def action_stop(self) -> None:
        """Give it up for now."""
        self._fetching.stop()
        self._follow()

    def action_go_on(self) -> None:
        """Back to where one came from, and to what was wanted there."""
        if self.is_active:
            self.app.pop_screen()
            if self._then:
                self._then()
