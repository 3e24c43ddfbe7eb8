"""The first line of the bench: the program's name, the pages where there are pages, and how things stand."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget


class TopBar(Widget):
    """One line: name and pages on the left, state on the right."""

    DEFAULT_CSS = """
    TopBar {
        dock: top;
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $foreground 80%;
    }
    """

    pages: reactive[tuple[str, ...]] = reactive(())
    """Pages that can be turned to, where not all fit side by side; turned by the keys 1, 2, 3, …"""
    page: reactive[str] = reactive("")
    """The one that is open."""
    state: reactive[str] = reactive("")
    """Parts with commas between, the most important first."""

    def render(self) -> RenderResult:
        """Name, pages and state; of the state, the parts that there is room for."""
        left = Content.styled(str(self.app.title), "bold $primary")
        for number, page in enumerate(self.pages, start=1):
            style = "bold $block-cursor-foreground on $block-cursor-background" if page == self.page else ""
            entry = Content(f" {number} {page} ").stylize(style).stylize(Style.from_meta({"key": str(number)}))
            left = Content.assemble(left, "  " if number == 1 else " ", entry)
        room = self.content_size.width - left.cell_length - 2
        parts = self.state.split(", ")
        fitting = (", ".join(parts[:many]) for many in range(len(parts), 0, -1))
        state = Content(next((text for text in fitting if len(text) <= room), ""))
        return Content.assemble(left, " " * (room + 2 - state.cell_length), state)

    def on_click(self, event: Click) -> None:
        """A click on a page is its key."""
        key = event.style.meta.get("key")
        if key:
            self.app.simulate_key(str(key))
