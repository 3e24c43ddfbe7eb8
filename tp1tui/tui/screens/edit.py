"""An editor for one value, open until the value is allowed or the person gives up."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from tp1tui.tui.screens.modal import Modal

Result = TypeVar("Result")


class EditModal(Modal[Result | None], Generic[Result]):
    """Dismissed with what the check makes of the text, or None when the person gave up."""

    CSS_PATH = "edit.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "leave it as it was", show=False),
    ]

    def __init__(self, title: str, value: str, hint: str, check: Callable[[str], Result]) -> None:
        """Prepare the editor.

        Args:
            title: What is edited.
            value: The text to begin with.
            hint: What is allowed, in a sentence.
            check: Makes the result of a text; raises an exception whose text says what is wrong with it.
        """
        super().__init__()
        self._title, self._value, self._hint, self._check = title, value, hint, check

    def compose(self) -> ComposeResult:
        """A line to type in, what is allowed, and what was wrong."""
        with Vertical(id="editor"):
            yield Static(self._title, id="what", markup=False)
            yield Input(self._value, id="value", select_on_focus=True)
            yield Static(self._hint, id="hint", markup=False)
            yield Static(id="fault", markup=False)
            yield Static("Enter takes it over, Esc leaves it as it was.", id="keys", markup=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong is not wrong any more, as far as one knows."""
        self.query_one("#fault", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: close if the value is allowed, else say why it is not."""
        from tp1tui.journal.labels import LabelError
        from tp1tui.spec.faults import SpecError
        from tp1tui.worker.spawning import LaunchError

        if not self.is_active:  # Enter was pressed twice at once
            return
        try:
            result = self._check(event.value.strip())
        except (SpecError, LaunchError, LabelError) as error:
            self.query_one("#fault", Static).update(str(error))
        else:
            self.dismiss(result)

    def action_give_up(self) -> None:
        """Close without a change."""
        self.dismiss(None)
