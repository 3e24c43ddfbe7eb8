"""A newcomer's first run: the run screen, with hints at the right time and a way on."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tp1tui.journal.folder import RunFolder
from tp1tui.spec.dataset import DatasetKind
from tp1tui.tui.run.arrangement import Pane
from tp1tui.tui.run.hints import READING, hint
from tp1tui.tui.run.lines import Tone, wrapped
from tp1tui.tui.run.live import has_boundary
from tp1tui.tui.screens.run import RunScreen
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.line_view import LineView

DATASET: DatasetKind = "cifar10"
"""What is offered after the run: most questions need it."""


class TourScreen(RunScreen):
    """Says below the plots what is to be seen, until the person goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "onward", "go on", id="tour.go_on"),
        Binding("escape", "onward", "go on", show=False, id="tour.back"),
    ]
    saw_boundary = False
    """Whether the decision boundary was brought to the front, or is in sight since the curves were told of."""
    _said = ""

    def __init__(self, folder: RunFolder, then: Callable[[], None] | None = None) -> None:
        """Prepare the screen.

        Args:
            folder: Of the run.
            then: What to do, on the screen below, once the person goes on.
        """
        super().__init__(folder)
        self._then = then

    def compose(self) -> ComposeResult:
        """The run's screen, with a place for the hint above its keys."""
        for widget in super().compose():
            if isinstance(widget, KeyBar):
                yield LineView(id="hint")
            yield widget

    def on_mount(self) -> None:
        """Say at once what is going on; the base's own handler reads the journal."""
        self._hint()

    def follow(self) -> None:
        """Show what has changed, and what that gives to see."""
        super().follow()
        self._hint()

    def _hint(self) -> None:
        """Say what there is to see now."""
        look = self.look
        if look and has_boundary(look) and "boundary" in self._arrangement.panes:
            self.saw_boundary = self.saw_boundary or self.chosen == "boundary" or look.elapsed > READING
        text = hint(look, saw_boundary=self.saw_boundary)
        width = max(20, self.size.width - 2)
        if (said := f"{width} {text}") != self._said:
            self._said = said
            self.query_one("#hint", LineView).show_lines(wrapped(text, Tone.KEY, width))

    def action_front(self, pane: Pane) -> None:
        """Bring a plot to the front; the hint follows."""
        super().action_front(pane)
        self._hint()

    def action_onward(self) -> None:
        """On to the photographs, unless they are here already; the training goes on by itself."""
        if not self.is_active:
            return
        from tp1tui.tui.screens.fetch import FetchScreen

        if self._then:
            self._then()
        if self.lab.fetching(DATASET).is_here:
            self.app.pop_screen()
        else:
            self.app.switch_screen(FetchScreen(DATASET))
