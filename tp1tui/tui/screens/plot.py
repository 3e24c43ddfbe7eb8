"""One plot of results full screen, to be zoomed, read off and saved; live while its results are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tp1tui.journal.folder import short_name
from tp1tui.spec.results import Series
from tp1tui.tui.plots.chart import Chart
from tp1tui.tui.plots.sheet import PLOTS
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.results.plots import series_plot
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.screens.plot_keys import ESCAPES, LOOKING, PlotKeys
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.plot_view import PlotView

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder


class PlotScreen(PlotKeys):
    """Over the screen of the results, which tells it when they have changed."""

    HELP = (
        "One plot. + and - look closer and from farther away, left and right read off its values place by place, and "
        "S saves it as SVG and PNG. Esc puts the cursor away, then goes back to the results; f goes back at once."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *ESCAPES[:1],
        Binding("escape", "back", "results", id="plot.back"),
        Binding("f", "back", "all again", show=False, id="plot.not_full"),
        Binding("q", "app.quit", "quit", id="plot.quit"),
        *LOOKING,
        Binding("m", "glyphs", "other plot characters", id="plot.glyphs"),
    ]

    def __init__(self, name: str, series: Callable[[str], Series | None], folder: RunFolder | None) -> None:
        """Prepare the screen.

        Args:
            name: Of the result.
            series: Gives the result of a name as it is now; None where there is none.
            folder: Whose results they are; None where their plots cannot be saved.
        """
        super().__init__()
        self._result, self._series, self._folder = name, series, folder

    def compose(self) -> ComposeResult:
        """The plot over the keys."""
        yield PlotView("", self._result, self._plot, id="plot")
        yield KeyBar()

    def draw_now(self) -> None:
        """The results have changed."""
        self.query_one(PlotView).draw_now()

    @property
    def saved_in(self) -> tuple[Path, str] | None:
        """A folder within the run's."""
        return (self._folder.path / PLOTS, short_name(self._folder.id)) if self._folder else None

    def action_glyphs(self) -> None:
        """Draw with braille, blocks or ASCII."""
        self.lab.prefer(glyphs=self.query_one(PlotView).glyphs.following)

    def _plot(self, sight: Sight) -> Plot:
        series = self._series(self._result)
        if series is None:
            return Plot((), (), Chart((0, 1), (), empty="This result is no plot any more."))
        return series_plot(series, sight)
