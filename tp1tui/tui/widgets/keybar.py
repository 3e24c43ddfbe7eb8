"""The last line of every screen: the keys that do something now."""

from __future__ import annotations

from typing import Any

from textual.app import RenderResult
from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from tp1tui.tui.keys import Possible, in_bar

GAP = 2
KEEPS_ITS_PLACE = "help"
"""Description of the entry that stays when the line is too short: it leads to all the others."""


class KeyBar(Widget):
    """One line of keys. What does not fit is left out from its end; help tells the rest."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $foreground 80%;
    }
    """

    _shown: Content | None = None

    def on_mount(self) -> None:
        """Follow the bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, _screen: Screen[Any]) -> None:
        """Draw what has changed; bindings are looked at far more often than they do."""
        if self._keys_that_fit() != self._shown:
            self.refresh()

    def render(self) -> RenderResult:
        """The keys that fit."""
        self._shown = self._keys_that_fit()
        return self._shown

    def _keys_that_fit(self) -> Content:
        entries = in_bar(self.screen)
        last = [_written(entry) for entry in entries if entry.description == KEEPS_ITS_PLACE]
        room = self.content_size.width - sum(entry.cell_length + GAP for entry in last)
        kept: list[Content] = []
        for entry in entries:
            written = _written(entry)
            if entry.description == KEEPS_ITS_PLACE:
                continue
            if written.cell_length > room:
                break
            kept.append(written)
            room -= written.cell_length + GAP
        return Content(" " * GAP).join([*kept, *last])

    def on_click(self, event: Click) -> None:
        """A click on an entry is its key."""
        key = event.style.meta.get("key")
        if key:
            self.app.simulate_key(str(key))


def _written(entry: Possible) -> Content:
    keys = Content(" ").join(
        Content.styled(name, "bold $footer-key-foreground").stylize(Style.from_meta({"key": key}))
        for key, name in zip(entry.keys, entry.names, strict=True)
    )
    return Content.assemble(keys, " ", Content(entry.description).stylize(Style.from_meta({"key": entry.keys[0]})))
