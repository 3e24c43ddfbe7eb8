"""What a run has found beside its curves, live: opened from its screen, which lies under it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize

from tp1tui.journal.folder import RunFolder
from tp1tui.spec.results import Result
from tp1tui.tui.question.topic import Topic, topic_of
from tp1tui.tui.run.head import title_line
from tp1tui.tui.run.look import Look
from tp1tui.tui.screens.results_page import ResultsPage
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.line_view import LineView


class ResultsScreen(ResultsPage):
    """Told by the run's screen what there is to show."""

    HELP = (
        "What this run has found beside its curves: tables, plots, pictures. The arrow keys scroll; where a table has "
        "more columns than fit, left and right move it. With several results, Tab leads from their names to the "
        "results and back, and each name brings its result to the top. Esc goes back to the curves."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "curves"),
        Binding("4", "back", "curves", show=False),
        Binding("q", "app.quit", "quit"),
        Binding("A", "card", "card and answer", show=False),
    ]

    def __init__(self, folder: RunFolder) -> None:
        """Prepare the screen for the results of a run."""
        super().__init__()
        self._folder = folder

    _look: Look | None = None
    _results: tuple[Result, ...] = ()
    _composed = False

    @property
    def folder(self) -> RunFolder:
        """Of the run."""
        return self._folder

    @property
    def topic(self) -> Topic | None:
        """The question of the run."""
        return topic_of(lambda: self._look)

    def compose(self) -> ComposeResult:
        """Which run, what it found, keys."""
        yield LineView(id="head")
        yield from self.middle()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what was told before there was a screen to show it on."""
        self._composed = True
        self._draw_title()
        self.show_results(self._results)

    def on_resize(self, event: Resize) -> None:
        """The title breaks elsewhere."""
        if self._can_draw:
            self._draw_title()

    def show(self, look: Look) -> None:
        """Another look at the run."""
        self._look, before = look, self._results
        self._results = tuple(look.record.findings.values())
        if not self._can_draw:
            return
        self._draw_title()
        if len(before) != len(self._results) or any(a is not b for a, b in zip(before, self._results, strict=True)):
            self.show_results(self._results)

    @property
    def _can_draw(self) -> bool:
        """Not before there are widgets, nor while they are being taken away."""
        return self._composed and self in self.app.screen_stack and bool(self.query("#head"))

    def _draw_title(self) -> None:
        head = self.query_one("#head", LineView)
        if self._look:
            head.show_lines([title_line(self._look, head.content_size.width or self.size.width - 2)])
