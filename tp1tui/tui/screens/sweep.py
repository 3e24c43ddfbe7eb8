"""One sweep, live: how far it is, its curves one over the other, a row a point, and a heat table of two fields."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import monotonic

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.spec.live import BOUNDARY
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.overlay.metric import METRICS, Metric
from tp1tui.tui.plots.chart import Chart
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.screens.sweep_keys import SweepKeys
from tp1tui.tui.sweep.arrangement import Arrangement, Pane, arrangement
from tp1tui.tui.sweep.boundaries import Boundaries
from tp1tui.tui.sweep.curves import plot
from tp1tui.tui.sweep.head import head_lines
from tp1tui.tui.sweep.watch import SweepWatch
from tp1tui.tui.widgets.head_view import HeadView
from tp1tui.tui.widgets.heat_view import HeatView
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.line_view import LineView
from tp1tui.tui.widgets.plot_view import PlotView
from tp1tui.tui.widgets.point_table import PointTable
from tp1tui.tui.widgets.result_pane import ResultPane
from tp1tui.tui.widgets.sweep_tabs import SweepTabs

TOLD = 2
"""Troubles that are told."""

_PANES: tuple[Pane, ...] = ("loss", "accuracy", "table", "heat", "boundaries", "error")


class SweepScreen(SweepKeys):
    """Follows one sweep. What it shows changes when the journals of its members do."""

    CSS_PATH = "sweep.tcss"
    AUTO_FOCUS = "#table"
    HELP = (
        "One sweep: the same experiment several times, with what is varied in the line under its name. It belongs to "
        "no terminal: leave with q or Esc and it goes on, one run after the other on each device. Every curve has a "
        "letter, and the table's rows have the same; the row under the cursor is drawn over the others, and Enter "
        "opens its run. ◆ marks the best: on the validation set where every run holds one out, else on the test set. "
        "Best test is the test top-1 of the epoch that is chosen so. A curve that leaves the plot (↑) has values far "
        "beyond all others'. 5 shows the decision boundaries of networks for points side by side, 6 the error at the "
        "end over the number that is varied. Where seeds are swept, a curve is their mean and the shade around it the "
        "standard deviation; f lists the runs. y lets the second plot show top-5, the learning rate or images/s; w "
        "smooths the curves with an exponential moving average and leaves what was measured faint behind them. Where "
        "braille dots are missing in your font, m draws with blocks, then with plain ASCII."
    )

    chosen: Pane | None = None
    """The pane that a person brought to the front."""

    def compose(self) -> ComposeResult:
        """Numbers over plots over tables over keys."""
        yield HeadView(id="head")
        yield LineView(id="messages")
        yield SweepTabs(id="tabs")
        with Container(id="panes"):
            yield PlotView("1", "loss", self._plot_loss, id="loss")
            yield PlotView("2", "accuracy", self._plot_chosen, id="accuracy")
            yield PointTable(id="table")
            yield HeatView(id="heat")
            yield ResultPane(id="boundaries")
            yield ResultPane(id="error")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the journals where nobody waits for it."""
        self.recall()
        self._steering: object = None
        self._boundaries = Boundaries()
        self._leads: object = None
        self._epochs: object = None
        self.begin_to_open(lambda: SweepWatch(SweepFolder.open(self._folder.path)), self._opened)

    def _opened(self, watched: SweepWatch) -> None:
        self.watched = watched
        with self.app.batch_update():
            self._arrange()
            self.follow()
        self.begin_to_follow(watched.read, watched.take)

    # Following.

    def follow(self) -> None:
        """Show what has changed, no more often than it can be read."""
        watched = self.watched
        if watched is None:
            return
        steering = (watched.served, [(member.state, member.in_line) for member in watched.members])
        records = [member.record for member in watched.members]
        epochs = (steering, [(record, record.last, id(record.results.get(BOUNDARY))) for record in records])
        leads = (self.has_boundaries, self.has_error)
        if leads != self._leads:
            self._leads = leads
            self._arrange()
            self.refresh_bindings()
        if steering != self._steering:
            self._steering, self.drawn_at = steering, 0.0
            self.refresh_bindings()
        if epochs != self._epochs and self.may_draw:
            self._epochs, self.drawn_at = epochs, monotonic()
            self.query_one(PointTable).show(watched)
            self._draw()
        self.query_one(HeadView).show(partial(head_lines, watched))
        self.show_problems(watched.troubles[:TOLD])

    # Drawing.

    def _draw(self) -> None:
        for view in self.query(PlotView):
            view.draw_now()
        if self.watched and self.has_heat:
            self.query_one(HeatView).show(self.watched)
        boundaries, error = (self.query_one(f"#{pane}", ResultPane) for pane in ("boundaries", "error"))
        if self.watched and boundaries.display:
            boundaries.show(self._boundaries.of(self.watched))
        if self.watched and self.watched.error and error.display:
            error.show((self.watched.error,))

    def _plot_loss(self, sight: Sight) -> Plot:
        return self._plot("loss", sight)

    def _plot_chosen(self, sight: Sight) -> Plot:
        return self._plot(self.aspect.metric, sight)

    def _plot(self, metric: Metric, sight: Sight) -> Plot:
        """What a plot draws now."""
        if self.watched is None:
            return Plot((), (), Chart((0, 1), (), empty="Reading the journals …"))
        return plot(self.watched, metric, self.aspect, sight)

    def look_at(self, aspect: Aspect) -> None:
        """Look at the curves in another way."""
        self.aspect = aspect
        self._entitle()
        for view in self.query(PlotView):
            view.draw_now()
        self.refresh_bindings()

    def _entitle(self) -> None:
        """Say on which scale the first plot is, and what the second shows, also where its tab says otherwise."""
        view, is_accuracy = self.query_one("#accuracy", PlotView), self.aspect.metric == "top1"
        view.title = "accuracy" if is_accuracy else METRICS[self.aspect.metric].name
        view.is_titled = not self._arrangement.tabs or not is_accuracy
        self.query_one("#loss", PlotView).log_y = "loss" in self.aspect.logs

    def on_choices_moved(self) -> None:
        """Another row under the cursor: its curve comes to the front."""
        row = self.query_one(PointTable).chosen
        self.look_at(replace(self.aspect, lit=row.key if row else ""))

    def on_choices_clicked(self) -> None:
        """A click on a row opens it."""
        self.action_open()

    def action_log(self) -> None:
        """Losses on a log scale, or on a linear one again."""
        self.turn_log("loss")

    def action_heat_figure(self) -> None:
        """The heat table of the last accuracy, or of the best."""
        view = self.query_one(HeatView)
        view.figure = "best_test_top1" if view.figure == "final_test_top1" else "final_test_top1"
        view.draw_now()

    # Arranging.

    def on_resize(self, event: Resize) -> None:
        """Another size may be another arrangement."""
        self._arrange()

    def on_sweep_tabs_chosen(self, event: SweepTabs.Chosen) -> None:
        """A click on a tab."""
        self.action_front(event.pane)

    def action_front(self, pane: Pane) -> None:
        """Bring a pane to the front; once more, and all are back where all fit."""
        self.chosen = None if self.chosen == pane and not self._arrangement.tabs else pane
        self._arrange()

    @property
    def _arrangement(self) -> Arrangement:
        return arrangement(
            self.size.width,
            self.size.height,
            self.chosen,
            has_heat=self.has_heat,
            has_boundaries=self.has_boundaries,
            has_error=self.has_error,
        )

    def _arrange(self) -> None:
        """Lay the panes out; those that come into sight are drawn."""
        laid_out = self._arrangement
        self.query_one("#panes").set_classes(laid_out.grid)
        for pane in _PANES:
            self.query_one(f"#{pane}").display = pane in laid_out.panes
        for view in self.query(PlotView):
            view.is_titled = not laid_out.tabs
        self._entitle()
        self.query_one(HeatView).is_titled = not laid_out.tabs
        tabs = self.query_one(SweepTabs)
        tabs.display = bool(laid_out.tabs)
        tabs.show(laid_out.tabs, laid_out.panes[0])
        self.follow_arrangement()
        if "table" in laid_out.panes:
            self.query_one(PointTable).focus()
        elif (front := laid_out.panes[0]) in ("boundaries", "error"):
            self.query_one(f"#{front}").focus()
        self.call_after_refresh(self._draw)
