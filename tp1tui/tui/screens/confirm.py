"""A question with two answers, asked before something that cannot be taken back."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from tp1tui.tui.screens.modal import Modal


class ConfirmModal(Modal[bool]):
    """Dismissed with True for yes and False for no; no is the answer that is ready under Enter."""

    CSS_PATH = "confirm.tcss"
    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('yes')", "yes", show=False),
        Binding("n,escape", "answer('no')", "no", show=False),
        Binding("left,right,up,down", "app.focus_next", "the other answer", show=False),
    ]

    def __init__(self, question: str, yes: str, no: str) -> None:
        """Prepare the question.

        Args:
            question: A whole sentence.
            yes: What the first answer does, as a verb: "Stop it".
            no: What the second does: "Let it go on".
        """
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        """The sentence over its two answers."""
        with Vertical(id="dialog"):
            yield Label(self._question, id="sentence", markup=False)
            with Horizontal(id="answers"):
                yield Button(f"{self._yes} (y)", id="yes", variant="error")
                yield Button(f"{self._no} (n)", id="no", variant="primary")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Enter or a click on an answer."""
        self.action_answer(str(event.button.id))

    def action_answer(self, answer: str) -> None:
        """Close with the answer."""
        self.dismiss(answer == "yes")
