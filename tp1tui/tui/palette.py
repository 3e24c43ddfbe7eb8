"""The command palette: everything that is possible now, and only that."""

from __future__ import annotations

from functools import partial

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.events import Resize

from tp1tui.tui.keys import Possible, possible_now
from tp1tui.tui.themes import THEMES
from tp1tui.tui.widgets.too_small import cover_where_too_small, is_too_small

PLACEHOLDER = "What to do: type some letters of it"
CURSOR = frozenset(("up", "down", "left", "right", "pageup", "pagedown", "home", "end", "tab", "shift+tab"))
"""Keys that only move about, which no one looks up."""


class Palette(CommandPalette):
    """A line to type in, over what it finds."""

    DEFAULT_CSS = """
    Palette.-covered #--results {
        display: none;  /* lies over everything else, and so over the sentence that there is no room */
    }
    """

    def __init__(self) -> None:
        """Prepare the palette."""
        super().__init__(placeholder=PLACEHOLDER)

    def on_resize(self, event: Resize) -> None:
        """Say so where there is no room for it."""
        self.set_class(is_too_small(event.size), "-covered")
        cover_where_too_small(self, event.size)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, once, however often that was asked for in one burst."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class PossibleNow(Provider):
    """Read from the active bindings, so that the palette, the key bar and help tell the same."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for entry in self.entries():
            yield DiscoveryHit(_text(entry), partial(self._do, entry))

    async def search(self, query: str) -> Hits:
        """What has the typed letters."""
        matcher = self.matcher(query)
        for entry in self.entries():
            score = matcher.match(_text(entry))
            if score > 0:
                yield Hit(score, matcher.highlight(_text(entry)), partial(self._do, entry))

    def entries(self) -> list[Possible]:
        """All of it but for how Textual scrolls and edits text, and the looks."""
        bound = [
            entry
            for entry in possible_now(self.screen)
            if entry.id and entry.action != "command_palette" and not CURSOR.issuperset(entry.keys)
        ]
        themes = [
            Possible(f"theme: {name}", f"app.use_theme({name!r})", self.app)
            for name, theme in THEMES.items()
            if theme.name != self.app.theme and not self.app.no_color
        ]
        return bound + themes

    async def _do(self, entry: Possible) -> None:
        await self.app.run_action(entry.action, entry.namespace)


def _text(entry: Possible) -> str:
    return f"{entry.description}  ({', '.join(entry.names)})" if entry.names else entry.description
