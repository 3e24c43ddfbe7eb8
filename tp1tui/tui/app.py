"""The app: which screen is on, what every screen can rely on, and what is said after it closes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from tp1tui.tui.themes import DARK, LIGHT

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder


def main(runs_dir: Path, device: str, watch: RunFolder | None = None) -> str | None:
    """Open the screens and stay until the person leaves.

    Args:
        runs_dir: Where runs are and where new ones go.
        device: What was asked for: auto, cpu, cuda or cuda:N.
        watch: A run to open at once.

    Returns:
        What to print afterwards: how to come back to trainings that go on. None when there is nothing to say.
    """
    return Tp1Tui(runs_dir, device, watch).run()


class Tp1Tui(App[str]):
    """The terminal laboratory."""

    TITLE = "tp1tui"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-narrow"), (110, "-medium"), (160, "-wide")]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-short"), (34, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("ctrl+t", "light_or_dark", "Light or dark", show=False),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(self, runs_dir: Path, device: str, watch: RunFolder | None = None) -> None:
        """Prepare the app; see `main` for the arguments."""
        super().__init__()
        self.runs_dir = runs_dir
        self.device = device
        self._watch = watch
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    def on_mount(self) -> None:
        """Open the bench, and upon it the run that was asked for."""
        if self._watch is not None:
            self.open_run(self._watch)

    def open_run(self, folder: RunFolder) -> None:
        """Show a run; leaving it comes back to where this was called."""
        from tp1tui.tui.screens.run import RunScreen

        self.push_screen(RunScreen(folder))

    def action_light_or_dark(self) -> None:
        """Change between the light and the dark look."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    async def action_quit(self) -> None:
        """Leave; trainings go on, and what is printed afterwards says how to come back to them."""
        self.exit(self._farewell())

    def _farewell(self) -> str | None:
        return None
