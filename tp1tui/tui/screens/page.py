"""What every whole screen of the app shares: the keys between its panes, and the app it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.screen import ModalScreen, Screen
from textual.worker import get_current_worker

from tp1tui.tui.keymap.named import Named
from tp1tui.tui.lab import Lab
from tp1tui.tui.text import where_files_are
from tp1tui.tui.widgets.too_small import cover_where_too_small

if TYPE_CHECKING:
    from tp1tui.tui.question.topic import Topic


class Page(Named, Screen[None]):
    """A screen that fills the terminal."""

    HELP = ""
    """A few sentences for help; the keys are added from the bindings."""
    follows_runs = False
    """Whether the app is to look at the runs once a second while this screen is on."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "to the next pane", show=False),
        Binding("shift+tab", "app.focus_previous", "to the pane before", show=False),
        Binding("ctrl+c", "screen.copy_text", "copy what the mouse has selected", show=False),
    ]

    def on_resize(self, event: Resize) -> None:
        """Say so where there is no room for anything."""
        cover_where_too_small(self, event.size)

    @property
    def topic(self) -> Topic | None:
        """The question that this screen is about; None where it is about none, or not yet."""
        return None

    def action_card(self) -> None:
        """Open the question's card, and the answer to it."""
        if topic := self.topic:
            self.lab.open_card(topic)

    def action_back(self) -> None:
        """Back to where one came from, once, however often it was asked for in one burst."""
        if self.is_active:
            self.app.pop_screen()

    def action_glyphs(self) -> None:
        """Draw with braille, blocks or ASCII, from now on and everywhere."""
        self.lab.prefer(glyphs=self.lab.preferences.glyphs.following)

    @property
    def in_sight(self) -> bool:
        """Whether it lies behind nothing but dialogs."""
        stack = self.app.screen_stack
        return self in stack and all(isinstance(screen, ModalScreen) for screen in stack[stack.index(self) + 1 :])

    @property
    def lab(self) -> Lab:
        """The app."""
        return cast("Lab", self.app)

    def in_app(self, call: Callable[..., object], *arguments: object) -> None:
        """From a thread: do something in the app's, unless the screen was left meanwhile."""
        if not get_current_worker().is_cancelled and self.is_attached:
            self.app.call_from_thread(self.while_here, call, *arguments)

    def while_here(self, call: Callable[..., object], *arguments: object) -> None:
        """Do something unless the screen was left meanwhile."""
        if self.is_attached:
            call(*arguments)

    async def is_sure(self, question: str, yes: str, no: str) -> bool:
        """Ask before something that cannot be taken back; for the arguments see `ConfirmModal`."""
        from tp1tui.tui.screens.confirm import ConfirmModal

        answer: bool | None = await self.app.push_screen_wait(ConfirmModal(question, yes, no))
        return bool(answer)

    def export(self, write: Callable[[], Sequence[Path]]) -> None:
        """Write CSV files after all that was to be written before, and say where they are.

        Args:
            write: Returns the files. May raise ExportError, RunFolderError, SpecError and OSError.
        """

        def then(files: Sequence[Path]) -> None:
            self.notify(where_files_are(files), title="Exported", timeout=10)

        self.lab.writes.ask("exporting", write, then)

    def tell(self, error: Exception) -> None:
        """Say what went wrong."""
        self.notify(str(error), severity="error", timeout=15)
