"""The box that an answer is written into."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import TextArea

from tp1tui.spec.steering import without_steering

PLACEHOLDER = "Your answer, in Markdown. It is kept as you type."
_PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)} | {127: 0x2421}
"""Control characters to signs that stand for them."""


class AnswerArea(TextArea):
    """A text area that shows every character and obeys none."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id, soft_wrap=True, tab_behavior="focus", compact=True, placeholder=PLACEHOLDER)

    def get_line(self, line_index: int) -> Text:
        """A line, to be drawn."""
        return Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)

    def show(self, text: str) -> None:
        """Another text; the cursor stays as near as it can to where it was."""
        cursor = self.cursor_location
        self.load_text(text)
        self.move_cursor(cursor)

    @property
    def line_above(self) -> str:
        """What stands before the cursor: the line's beginning, or the line above where the cursor begins one."""
        row, column = self.cursor_location
        here = self.document.get_line(row)
        return here if column and here.strip() else self.document.get_line(row - 1) if row else ""

    def insert_block(self, lines: str, before: str) -> None:
        """Put whole lines at the cursor, on lines of their own.

        Args:
            lines: Ends with a line break.
            before: What else stands before them.
        """
        row, column = self.cursor_location
        here = self.document.get_line(row)
        if column and here.strip():
            self.move_cursor((row, len(here)))
            before = f"\n{before}"
        self.insert(f"{before}{lines}")


def visible(text: str) -> str:
    """As many characters, a sign in the place of each that would command a terminal if it were sent as it is."""
    return without_steering(text.translate(_PICTURES))
