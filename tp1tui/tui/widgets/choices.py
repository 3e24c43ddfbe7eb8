"""A list with a cursor. Moving it draws the two entries it leaves and reaches, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual

from tp1tui.tui.widgets.lines import Lines


@dataclass(frozen=True)
class Choice:
    """One entry."""

    text: Content
    id: str | None = None
    """None for a heading, which the cursor passes over."""


class Choices(Lines):
    """Entries of one or more lines. `write` says what they are at a width."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choices--cursor", "choices--lit-cursor"}
    DEFAULT_CSS = """
    Choices {
        & > .choices--cursor {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
        }
        & > .choices--lit-cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: bold;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
        Binding("pageup", "leap(-1)", "a page up", show=False),
        Binding("pagedown", "leap(1)", "a page down", show=False),
        Binding("home", "first", "to the first", show=False),
        Binding("end", "last", "to the last", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor stands on another entry, or on none in an empty list."""

        choices: Choices

        @property
        def control(self) -> Choices:
            """The list."""
            return self.choices

    @dataclass
    class Clicked(Moved):
        """An entry was clicked; the cursor stands on it."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._choices: Sequence[Choice] = ()
        self._cursor: str | None = None
        self._tops: dict[str, tuple[int, int]] = {}
        self._drawn: dict[object, list[Strip]] = {}

    def write(self, width: int) -> Sequence[Choice]:
        """The entries, wrapped to a width."""
        raise NotImplementedError

    @property
    def cursor(self) -> str | None:
        """Id of the entry under the cursor; None in an empty list."""
        return self._cursor

    def rewrite(self) -> None:
        """Ask for the entries again; the cursor stays on the one it is on, or goes to the first."""
        self.redraw()
        self._settle()

    def choose(self, choice_id: str) -> None:
        """Put the cursor on an entry, if it is listed."""
        if choice_id in self._ids:
            self._go(choice_id)

    def strips(self, width: int) -> Sequence[Strip]:
        """Every entry's lines, the cursor's in its colours."""
        self._choices = self.write(width)
        lines: list[Strip] = []
        self._tops = {}
        drawn, self._drawn = self._drawn, {}
        cursor = "choices--lit-cursor" if self.has_focus else "choices--cursor"
        for choice in self._choices:
            at_cursor = choice.id is not None and choice.id == self._cursor
            style = self.get_visual_style(cursor) if at_cursor else self.visual_style
            key = (choice.text.plain, tuple(choice.text.spans), style, width, self.app.theme)
            text = Content(choice.text.plain) if at_cursor and self.has_focus else choice.text  # one colour, to be read
            entry = drawn.get(key) or Visual.to_strips(self, text, width, None, style, pad=at_cursor)
            self._drawn[key] = entry
            if choice.id is not None:
                self._tops[choice.id] = (len(lines), len(entry))
            lines += entry
        return lines

    def reshape(self) -> None:
        """Keep the cursor in sight in another size."""
        super().reshape()
        self._bring_into_sight()

    @property
    def _ids(self) -> list[str]:
        return [choice.id for choice in self._choices or self.write(80) if choice.id is not None]

    def _settle(self) -> None:
        ids = self._ids
        if self._cursor not in ids:
            self._go(ids[0] if ids else None)

    def _go(self, choice_id: str | None) -> None:
        if choice_id == self._cursor:
            return
        self._cursor = choice_id
        self.redraw()
        self._bring_into_sight()
        self.post_message(self.Moved(self))

    def _bring_into_sight(self) -> None:
        if self._cursor not in self._tops:
            return
        top, height = self._tops[self._cursor]
        first = next(iter(self._tops)) == self._cursor
        region = Region(0, 0, 1, top + height) if first else Region(0, top, 1, height)
        self.scroll_to_region(region, animate=False, immediate=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Home and End are left to a plot beside the list whose values are read off."""
        return not (action in ("first", "last") and getattr(self.screen, "reads_off", False))

    def action_move(self, by: int) -> None:
        """Move the cursor, not beyond the ends."""
        ids = self._ids
        if self._cursor in ids:
            self._go(ids[max(0, min(len(ids) - 1, ids.index(self._cursor) + by))])

    def action_leap(self, pages: int) -> None:
        """Move the cursor by what is in sight."""
        if self._cursor not in self._tops:
            return
        ids = self._ids
        height = max(1, self.scrollable_content_region.height - 1)
        wanted = self._tops[self._cursor][0] + pages * height
        self._go(min(ids, key=lambda choice_id: abs(self._tops[choice_id][0] - wanted)))

    def action_first(self) -> None:
        """To the first entry."""
        if self._ids:
            self._go(self._ids[0])

    def action_last(self) -> None:
        """To the last entry."""
        if self._ids:
            self._go(self._ids[-1])

    def on_click(self, event: Click) -> None:
        """The cursor goes where one clicks."""
        y = event.get_content_offset_capture(self).y + self.scroll_offset.y
        for choice_id, (top, height) in self._tops.items():
            if top <= y < top + height:
                self._go(choice_id)
                self.post_message(self.Clicked(self))

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - what Textual calls
        """Light the cursor, or dim it."""
        super().watch_has_focus(has_focus)
        self.redraw()
