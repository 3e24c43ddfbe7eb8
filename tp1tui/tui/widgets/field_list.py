"""The experiment's fields, what differs from the preset marked with a star and the preset's value beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from tp1tui.tui.bench.fields import FieldRow
from tp1tui.tui.bench.nudge import nudged
from tp1tui.tui.widgets.choices import Choice, Choices

LABEL_WIDTH = 16


class FieldList(Choices):
    """Tells which field the person wants to edit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "ask_to_edit", "edit"),
        Binding("s", "screen.start", "start"),
        Binding("plus", "nudge(1)", "the next value up", show=False, key_display="+"),
        Binding("minus", "nudge(-1)", "the next value down", show=False, key_display="-"),
    ]

    @dataclass
    class EditAsked(Message):
        """A field is to be edited."""

        row: FieldRow

    @dataclass
    class Nudged(Message):
        """A field is to have another value."""

        row: FieldRow
        text: str
        """The value, as it would be typed."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._main: tuple[FieldRow, ...] = ()
        self._others: tuple[FieldRow, ...] = ()

    def show(self, main: Sequence[FieldRow], others: Sequence[FieldRow]) -> None:
        """List these fields, those the questions turn on first."""
        self._main, self._others = tuple(main), tuple(others)
        self.rewrite()

    def write(self, width: int) -> Sequence[Choice]:
        """The fields the questions turn on, and every other under a heading."""
        choices = [Choice(_entry(row, LABEL_WIDTH, width), row.path) for row in self._main]
        if self._others:
            choices.append(Choice(Content.styled("\n  every other setting", "bold $primary")))
        return choices + [Choice(_entry(row, 0, width), row.path) for row in self._others]

    def on_choices_clicked(self, event: Choices.Clicked) -> None:
        """A click on a field edits it."""
        self.action_ask_to_edit()

    def action_ask_to_edit(self) -> None:
        """Ask for the editor of the field under the cursor."""
        if row := self._row:
            self.post_message(self.EditAsked(row))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only numbers have a next value."""
        return action != "nudge" or (self._row is not None and nudged(self._row.edit, 1) is not None)

    def action_nudge(self, by: int) -> None:
        """Ask for the next value of the field under the cursor."""
        row = self._row
        text = nudged(row.edit, by) if row else None
        if row and text is not None:
            self.post_message(self.Nudged(row, text))

    @property
    def _row(self) -> FieldRow | None:
        """The field under the cursor."""
        return next((row for row in (*self._main, *self._others) if row.path == self.cursor), None)


def _entry(row: FieldRow, label_width: int, width: int) -> Content:
    mark = "* " if row.changed else "  "
    label = f"{mark}{row.label:<{label_width - 1}} " if label_width else f"{mark}{row.label} "
    text = label + row.value
    if not label_width and len(text) > width:
        text = f"{label}\n{' ' * 4}{row.value}"
    if not row.changed:
        return Content(text).stylize("$foreground 60%", 0, len(label))
    before = f"(preset {row.preset})"
    if len(text.rpartition("\n")[2]) + 2 + len(before) <= width:
        text += f"  {before}"
    else:
        text += f"\n{' ' * max(4, min(len(label), width - len(before)))}{before}"
    return Content.styled(text, "bold $accent")
