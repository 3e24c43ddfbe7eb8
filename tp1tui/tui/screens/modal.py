"""What every dialog of the app shares: it is answered once, however fast the keys come."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from tp1tui.tui.keymap.named import Named

Answer = TypeVar("Answer")


class Modal(Named, ModalScreen[Answer], Generic[Answer]):
    """A dialog over another screen."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with an answer. A second one, pressed before the first was obeyed, has nothing left to close."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
