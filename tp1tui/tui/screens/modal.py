"""What every dialog of the app shares: it is answered once, however fast the keys come."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.events import Resize
from textual.screen import ModalScreen

from tp1tui.tui.keymap.named import Named
from tp1tui.tui.widgets.too_small import cover_where_too_small

Answer = TypeVar("Answer")


class Modal(Named, ModalScreen[Answer], Generic[Answer]):
    """A dialog over another screen."""

    def on_resize(self, event: Resize) -> None:
        """Say so where there is no room for it: what is typed would go unseen."""
        cover_where_too_small(self, event.size)

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with an answer. A second one, pressed before the first was obeyed, has nothing left to close."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
