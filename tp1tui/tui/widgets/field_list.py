"""The experiment's fields, what differs from the preset marked with a star and the preset's value beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tp1tui.tui.bench.fields import FieldRow

LABEL_WIDTH = 16


class FieldList(OptionList, inherit_bindings=False):
    """Tells which field the person wants to edit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "ask_to_edit", "edit"),
        Binding("up", "cursor_up", "The field above", show=False),
        Binding("down", "cursor_down", "The field below", show=False),
        Binding("home", "first", "The first field", show=False),
        Binding("end", "last", "The last field", show=False),
        Binding("pageup", "page_up", "A page up", show=False),
        Binding("pagedown", "page_down", "A page down", show=False),
    ]

    @dataclass
    class EditAsked(Message):
        """A field is to be edited."""

        row: FieldRow

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._main: tuple[FieldRow, ...] = ()
        self._others: tuple[FieldRow, ...] = ()
        self._width = 0

    def show(self, main: Sequence[FieldRow], others: Sequence[FieldRow]) -> None:
        """List these fields, those the questions turn on first; the cursor keeps its place."""
        if (self._main, self._others) != (tuple(main), tuple(others)):
            self._main, self._others = tuple(main), tuple(others)
            self._rebuild()

    def on_resize(self, event: Resize) -> None:
        """Values are laid out to the width."""
        if self.scrollable_content_region.width != self._width:
            self._rebuild()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click on a field."""
        event.stop()
        self.action_ask_to_edit()

    def action_ask_to_edit(self) -> None:
        """Ask for the editor of the field under the cursor."""
        if self.highlighted is None:
            return
        wanted = self.get_option_at_index(self.highlighted).id
        row = next((row for row in (*self._main, *self._others) if row.path == wanted), None)
        if row:
            self.post_message(self.EditAsked(row))

    def _rebuild(self) -> None:
        place, offset = self.highlighted, self.scroll_offset
        self._width = self.scrollable_content_region.width
        options = [Option(self._entry(row, LABEL_WIDTH), id=row.path) for row in self._main]
        if self._others:
            options.append(Option(Content.styled("\n  every other setting", "bold $primary"), disabled=True))
            options += [Option(self._entry(row, 0), id=row.path) for row in self._others]
        self.set_options(options)
        if options and self._main:
            self.highlighted = min(place or 0, len(options) - 1)
            self.scroll_to(y=offset.y, animate=False)

    def _entry(self, row: FieldRow, label_width: int) -> Content:
        style = "bold $accent" if row.changed else ""
        label = f"{row.label:<{label_width}}" if label_width else f"{row.label} "
        before = f"(preset {row.preset})" if row.changed else ""
        mark = "* " if row.changed else "  "
        line = f"{mark}{label}{row.value}"
        if len(line) > self._width > 0 and not label_width:
            line = f"{mark}{row.label}\n    {row.value}"
        if before:
            fits = len(line.rpartition("\n")[2]) + 2 + len(before) <= self._width
            line += f"  {before}" if fits else f"\n  {' ' * label_width}{before}"
        return Content.styled(line, style) if style else Content(line)
