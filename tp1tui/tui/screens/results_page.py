"""What every screen of results shares: their names, the pane that they scroll in, and the keys of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from tp1tui.spec.results import Result
from tp1tui.tui.screens.page import Page
from tp1tui.tui.widgets.result_names import ResultNames
from tp1tui.tui.widgets.result_pane import ResultPane

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.tui.screens.plot import PlotScreen


class ResultsPage(Page):
    """A screen whose middle is results."""

    CSS_PATH = "results.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "into", "to this result"),
        Binding("f", "full", "full screen", id="plot.full"),
        Binding("m", "glyphs", "other plot characters", show=False, id="results.glyphs"),
    ]

    _plot: PlotScreen | None = None
    """The screen of a plot, while it lies over this one."""
    nothing_yet = ""
    """What stands where results will be, in a sentence."""

    @property
    def folder(self) -> RunFolder | None:
        """Whose results these are."""
        return None

    def middle(self) -> Iterator[Widget]:
        """The names beside the results, for `compose`."""
        yield Container(
            ResultNames(id="names"), ResultPane(id="results"), Static(id="nothing", markup=False), id="body"
        )

    def show_results(self, results: Iterable[Result]) -> None:
        """Show what there is; the names only where there are several."""
        pane, names = self.query_one(ResultPane), self.query_one(ResultNames)
        known = len(pane.names)
        pane.show(results)
        self.set_class(not pane.names, "-empty")
        self.set_class(len(pane.names) > 1, "-several")
        self.query_one("#nothing", Static).update(self.nothing_yet)
        names.show(pane.names)
        if self._plot and self._plot.is_current:
            self._plot.draw_now()
        if len(pane.names) != known:
            if self.focused is None or (known <= 1 and self.focused is pane):
                (names if len(pane.names) > 1 else pane).focus()
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Into a result only from the list of names; full screen only what is a plot."""
        if action == "full":
            return self.is_mounted and self.query_one(ResultPane).series(self._in_front) is not None
        return isinstance(self.focused, ResultNames) if action == "into" else True

    @on(ResultNames.Moved, "#names")
    def _follow_names(self, event: ResultNames.Moved) -> None:
        if event.choices.cursor is not None:
            self.query_one(ResultPane).go_to(event.choices.cursor)

    @property
    def _in_front(self) -> str | None:
        """The name under the cursor, or the only one."""
        pane = self.query_one(ResultPane)
        return self.query_one(ResultNames).cursor if len(pane.names) > 1 else next(iter(pane.names), None)

    def action_full(self) -> None:
        """Show the plot in front full screen, where it can be zoomed, read off and saved."""
        from tp1tui.tui.screens.plot import PlotScreen

        if self._in_front is not None:
            self._plot = PlotScreen(self._in_front, self.query_one(ResultPane).series, self.folder)
            self.app.push_screen(self._plot)

    def action_into(self) -> None:
        """From the names to the results, to scroll in them."""
        self.query_one(ResultPane).focus()
