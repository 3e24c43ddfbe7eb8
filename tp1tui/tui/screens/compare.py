"""Any number of runs, held against each other: their curves, what each has reached, and where they differ."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import monotonic

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize

from tp1tui.tui.compare.curves import plot
from tp1tui.tui.compare.head import head_lines
from tp1tui.tui.compare.tables import differences_table
from tp1tui.tui.compare.watch import CompareWatch
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.plots.chart import Chart
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.run.arrangement import TALL, WIDE
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.screens.compare_keys import CompareKeys
from tp1tui.tui.widgets.compare_table import CompareTable
from tp1tui.tui.widgets.head_view import HeadView
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.line_view import LineView
from tp1tui.tui.widgets.plot_view import PlotView
from tp1tui.tui.widgets.result_pane import ResultPane

TOLD = 2
"""Troubles that are told."""


class CompareScreen(CompareKeys):
    """Follows several runs. What it shows changes when their journals do."""

    CSS_PATH = "compare.tcss"
    AUTO_FOCUS = "#table"
    HELP = (
        "Several runs held against each other. Every curve has a letter, and the table's rows have the same; the run "
        "under the cursor is drawn over the others, and Enter opens it. The table lists the fields in which the "
        "experiments differ, as far as they fit, beside what each run has reached; d shows all of them. Best test is "
        "the test top-1 of a run's best epoch, chosen on its validation set where it holds one out, else on the test "
        "set. b makes the run under the cursor the baseline: its curve gets dots, and ± is what the others have above "
        "it. w smooths the curves with an exponential moving average, corrected for its start as W&B and TensorBoard "
        "do, and leaves what was measured faint behind them; W takes it back. t leads from set to set and then to each "
        "batch, whose places in time are known at the ends of epochs only. Wall time counts pauses and interruptions, "
        "seconds of training do not. A curve that leaves the plot (↑) has values far beyond all others'."
    )

    def compose(self) -> ComposeResult:
        """Words over curves over the table over keys."""
        yield HeadView(id="head")
        yield LineView(id="messages")
        with Horizontal(id="panes"):
            yield PlotView("", "", self._plot, id="plot")
            yield ResultPane(id="differences")
        yield CompareTable(id="table")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the journals where nobody waits for it."""
        self.query_one(PlotView).is_titled = False
        self.recall()
        self._asked_differences: bool | None = None
        self._shown: object = None
        self._draws_soon = False
        self._places = self.lab.places.of([folder.path for folder in self._folders])
        self._arrange()
        self.begin_to_open(lambda: CompareWatch(self._folders, self._places), self._opened)

    def _opened(self, watched: CompareWatch) -> None:
        self.watched = watched
        with self.app.batch_update():
            self.gathered()
        self.begin_to_follow(watched.read, watched.take)

    # Following.

    def follow(self) -> None:
        """Show what has changed, no more often than it can be read."""
        if self.watched is None:
            return
        self._show_troubles()
        seen = [(run, run.seen.record.last, len(run.seen.record.changes)) for run in self.watched.runs]
        if seen != self._shown and self.may_draw:
            self._shown, self.drawn_at = seen, monotonic()
            self.gathered()

    def gathered(self) -> None:
        """Show the runs as they are now."""
        if self.watched is None:
            return
        if self.watched.run(self.aspect.baseline) is None:
            self.aspect = replace(self.aspect, baseline="")
        table = self.query_one(CompareTable)
        table.show(self.watched, self.aspect.baseline)
        self.aspect = replace(self.aspect, lit=table.cursor or "")
        self._show_troubles()
        self._draw()
        self.refresh_bindings()

    def _show_troubles(self) -> None:
        troubles = self.watched.troubles if self.watched else []
        more = [f"So it is with {len(troubles) - TOLD} more runs."] if len(troubles) > TOLD else []
        self.show_problems([*troubles[:TOLD], *more])

    # Drawing.

    def _draw(self) -> None:
        if self.watched is None:
            return
        self.query_one(HeadView).show(partial(head_lines, self.watched, self.aspect))
        self.query_one(PlotView).draw_now()
        differences = self.query_one(ResultPane)
        if differences.display:
            runs, base = self.watched.runs, self.watched.run(self.aspect.baseline)
            names = [f"{run.sign} {run.name}" for run in runs]
            table = differences_table([run.seen for run in runs], names, base.seen if base else None)
            differences.show((table,))

    def _plot(self, sight: Sight) -> Plot:
        """What the plot draws now."""
        if self.watched is None:
            return Plot((), (), Chart((0, 1), (), empty="Reading the journals …"))
        return plot(self.watched, self.aspect, sight)

    def look_at(self, aspect: Aspect) -> None:
        """Look at the runs in another way."""
        self.aspect = aspect
        self._draw()
        self.refresh_bindings()

    def on_choices_moved(self) -> None:
        """Another run under the cursor: its curve comes to the front."""
        self.aspect = replace(self.aspect, lit=self.query_one(CompareTable).cursor or "")
        self.refresh_bindings()
        if not self._draws_soon:  # once after however many keys came in one burst: the cursor itself has moved by then
            self._draws_soon = True
            self.call_after_refresh(self._draw_plot)

    def _draw_plot(self) -> None:
        self._draws_soon = False
        self.query_one(PlotView).draw_now()

    def on_choices_clicked(self) -> None:
        """A click on a run opens it."""
        self.action_open()

    # Arranging.

    def on_resize(self, event: Resize) -> None:
        """Another size may be another arrangement."""
        self._arrange()

    def action_differences(self) -> None:
        """The table of differences in the plot's place, or beside it where both fit; once more, and it goes."""
        self._asked_differences = not self.query_one(ResultPane).display
        self._arrange()

    @property
    def _fits_both(self) -> bool:
        return self.size.width >= WIDE and self.size.height >= TALL

    def _arrange(self) -> None:
        """Lay the panes out; those that come into sight are drawn."""
        both, asked = self._fits_both, self._asked_differences
        differences, view = self.query_one(ResultPane), self.query_one(PlotView)
        differences.display = both if asked is None else asked
        view.display = both or not differences.display
        (differences if differences.display and not both else self.query_one(CompareTable)).focus()
        self.call_after_refresh(self._draw)
