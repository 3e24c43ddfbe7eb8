"""The first screen of all: what this is, and the way to a network that learns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tp1tui.spec.frozen import Frozen
from tp1tui.tui.first_time import remember
from tp1tui.tui.screens.page import Page
from tp1tui.tui.widgets.keybar import KeyBar

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder

WORDS = (
    "A laboratory for your first practical in deep learning. Choose one of its questions, press Enter, and watch a "
    "network learn: its curves, its weights, what it makes of each example.",
    "Every run is a folder of its own. It goes on when you close the lid, is compared with others and with what the "
    "subject's report found, and your answers are kept beside it.",
    "First, in half a minute and without any download: a small network that learns to tell a disc of points from "
    "the ring around it.",
)
PRESS = "Enter: watch it learn        Esc: straight to the bench"


class WelcomeScreen(Page):
    """Shown once, over the bench."""

    CSS_PATH = "welcome.tcss"
    AUTO_FOCUS = None
    HELP = (
        "The first steps: Enter starts a network that needs no download and says what is to be seen; after it, the "
        "photographs that most questions need are offered to be fetched. Esc leads to the bench, where W leads back."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "watch a network learn", id="welcome.start"),
        Binding("escape", "back", "to the bench", id="welcome.back"),
        Binding("q", "app.quit", "quit", id="welcome.quit"),
    ]

    def __init__(self, spec: Frozen, then: Callable[[], None] | None = None) -> None:
        """Prepare the screen.

        Args:
            spec: The training that it starts.
            then: What to do, on the screen below, once the person goes on from that training.
        """
        super().__init__()
        self._spec, self._then = spec, then
        self._is_starting = False
        self._begun: RunFolder | None = None
        """The training, once it was started."""

    def compose(self) -> ComposeResult:
        """Three sentences and the two ways on."""
        with VerticalScroll(id="frame", can_focus=False) as frame:
            frame.border_title = "welcome to tp1tui"
            yield Static(Content("\n\n".join(WORDS)), id="words", markup=False)
            yield Static(Content(PRESS), id="press", markup=False)
        yield KeyBar()

    def action_back(self) -> None:
        """To the bench, and never here again unasked."""
        self._remember()
        super().action_back()

    def action_start(self) -> None:
        """Start the training, and show it with hints."""
        from tp1tui.worker import launcher

        if self._is_starting:
            return
        self._is_starting = True

        def begun(folder: RunFolder) -> None:
            self._remember()
            self._begun = folder
            self._lead_on()

        def failed() -> None:
            self._is_starting = False

        deed = partial(launcher.start, self._spec, self.lab.runs_dir, self.lab.device, self.lab.give)
        self.lab.writes.ask("starting a run", deed, begun, failed, title="Not started")

    def on_screen_resume(self) -> None:
        """Lead on once nothing lies over this any more."""
        self.call_later(self._lead_on)  # no screen is replaced while it still takes this in

    def _lead_on(self) -> None:
        """In this screen's place, show the training that was started."""
        if self._begun and self.is_active:
            from tp1tui.tui.screens.tour import TourScreen

            self.app.switch_screen(TourScreen(self._begun, then=self._then))
            self._begun = None

    def _remember(self) -> None:
        self.lab.writes.ask("remembering that you were welcomed", remember)
