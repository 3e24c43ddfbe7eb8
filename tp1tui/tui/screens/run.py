"""One run, live: its numbers, its curves, the loss of every batch, its layers."""

from __future__ import annotations

from functools import partial
from threading import Lock
from time import monotonic, time
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.events import Resize

from tp1tui import settings
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.live import LIVE
from tp1tui.spec.results import Result
from tp1tui.tui.device.meter import DeviceMeter
from tp1tui.tui.device.view import device_lines, why_not_seen
from tp1tui.tui.plots.chart import Chart
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.run.arrangement import PLOTS, Arrangement, Pane, arrangement
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line
from tp1tui.tui.run.live import boundary_lines, has_boundary, has_probe, probe_lines
from tp1tui.tui.run.look import Look, Usage
from tp1tui.tui.run.watch import RunWatch
from tp1tui.tui.screens.run_keys import RunKeys
from tp1tui.tui.screens.watching import HEAD, WatchingPage
from tp1tui.tui.usage import UsageMeter
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.layer_pane import LayerPane
from tp1tui.tui.widgets.live_pane import LivePane
from tp1tui.tui.widgets.plot_tabs import PlotTabs, Tab
from tp1tui.tui.widgets.plot_view import PlotView
from tp1tui.tui.widgets.run_about import RunAbout
from tp1tui.tui.widgets.run_head import RunHead
from tp1tui.tui.widgets.run_messages import RunMessages

if TYPE_CHECKING:
    from tp1tui.tui.screens.results import ResultsScreen

POLL_FIRST = 0.05
"""Seconds between two looks at the journal until the first batch is there, for which a person waits."""
BATCHES = 0.5
"""Seconds between two drawings of the batches, at least."""
SHARE = 0.01
"""Of this process's time that drawing the batches may take: where it is slow, it is done less often."""
USAGE = 1.0
"""Seconds between two measurements of what the worker takes."""

_LOSSES: tuple[Pane, ...] = ("loss", "batches")
_TITLES: dict[Pane, str] = {
    "loss": "loss",
    "accuracy": "accuracy",
    "batches": "loss of every batch",
    "boundary": "decision boundary",
    "probe": "probe",
    "device": "device",
}


class RunScreen(RunKeys, WatchingPage[Look]):
    """Follows one run. What it shows changes when the run's journal does."""

    CSS_PATH = "run.tcss"
    AUTO_FOCUS = None
    HELP = (
        "One run. It belongs to no terminal: leave with q or Esc and it goes on. The curves show the mean loss and "
        "top-1 of every epoch on the training (━) and the test images (•); ◆ marks the lowest loss and the best top-1 "
        "on the validation set where one is held out, else on the test set: it says on which. Upright lines stand "
        "where something was switched. Augmentation and dropout are switched as it goes; standardization and batch "
        "normalization need a new run, drawn over this one. A switch with * is not as the run began. 5 shows the "
        "decision boundary of a network for points: class probability as colour or shade, the examples on it. 6 shows "
        "what the network says of one example: logits ytilde, probabilities yhat, target y; left, right, g and s "
        "choose another while the run goes. 7 shows its device: load, memory and who else uses it. What a run has "
        "found beside that is opened with 4. Where braille dots are missing in your font, m draws with blocks, then "
        "with plain ASCII."
    )

    chosen: Pane | None = None
    """The plot that a person brought to the front."""
    with_layers: bool | None = None
    """Whether the layer table is to be shown; None while nobody said."""
    log_y = False
    """Whether losses are on a log scale."""
    batches_first = False
    """Whether steps were taken before the untrained network was measured, and the first epoch is not done yet."""
    _results: ResultsScreen | None = None
    """The screen of the results, while it lies over this one."""

    def compose(self) -> ComposeResult:
        """Numbers over plots over keys."""
        yield RunHead(id="head")
        yield RunMessages(id="messages")
        yield PlotTabs(id="tabs")
        with Container(id="panes"):
            yield PlotView("1", _TITLES["loss"], partial(self._plot, "loss"), id="loss")
            yield PlotView("2", _TITLES["accuracy"], partial(self._plot, "accuracy"), id="accuracy")
            with Vertical(id="side"):
                yield LayerPane(id="layers")
                yield RunAbout(id="about")
            yield PlotView("3", _TITLES["batches"], partial(self._plot, "batches"), id="batches")
            yield LivePane("5", _TITLES["boundary"], self._boundary_lines, id="boundary")
            yield LivePane("6", _TITLES["probe"], self._probe_lines, id="probe")
            yield LivePane("7", _TITLES["device"], self._device_lines, id="device")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the journal where nobody waits for it."""
        self._due: set[Pane] = set()
        self._head_at = self._batches_at = 0.0
        self.log_y = self.lab.preferences.log_y
        self._mark_log()
        self._news = True
        self._steering: object = None
        self._epochs: object = None
        self._found: object = ()
        self._seen: dict[str, Result | None] = {}
        self._was_over = False
        self._meter, self._devices, self._measuring = UsageMeter(), DeviceMeter(), Lock()
        self._unseen = ""
        self.begin_to_open(lambda: RunWatch(RunFolder.open(self._folder.path), self._reference), self._opened)

    def _opened(self, watched: RunWatch) -> None:
        self.begin_to_watch(watched)
        with self.app.batch_update():
            self.query_one(LayerPane).show(watched.spec.experiment.layer_table())
            self.query_one(RunAbout).show(watched.spec)
            self.follow()
        self._beginning = self.set_interval(POLL_FIRST, self._poll_first)
        self.set_interval(USAGE, self._measure)

    # Following.

    def _poll_first(self) -> None:
        self.poll()
        look = self.look
        if look is None or look.record.losses or look.is_over or look.place:
            self._beginning.stop()

    @property
    def is_followed(self) -> bool:
        """Also by what lies over it, if that is its results."""
        return bool({self, self._results}.intersection(self.app.screen_stack[-2:]))

    def has_news(self) -> None:
        """There may be batches to draw."""
        self._news = True

    def follow(self) -> None:
        """Show what has changed, no more often than it can be read."""
        look = self.look
        if look is None:
            return
        now = monotonic()
        steering = (look.state, look.asked, look.place, look.record.preparing)
        before = self.watched.reference_last if self.watched else None
        epochs = (look.record.last, len(look.record.changes), look.state, bool(look.record.losses), before)
        if steering != self._steering:
            self._steering, self._head_at = steering, 0.0
            self.refresh_bindings()
        if (unseen := why_not_seen(look)) != self._unseen:
            self._unseen = unseen
            self._arrange()
        if epochs != self._epochs:
            self._epochs, self._batches_at = epochs, 0.0
            self._follow_first_steps(look)
            self._draw("loss", "accuracy")
        self._follow_network(look)
        self._follow_results(look)
        if self._news and now - self._batches_at >= max(BATCHES, self._view("batches").seconds / SHARE):
            self._news, self._batches_at = False, now
            self._draw("batches")
        if now - self._head_at >= HEAD:
            self._head_at = now
            self.query_one(RunHead).show(look)
            self.query_one(RunMessages).show(look, self.watched.curves.not_finite if self.watched else None)

    def _follow_first_steps(self, look: Look) -> None:
        """Until there are curves, the batches are what is to be seen of a run that begins with them."""
        no_curves = bool(look.record.losses) and not look.epochs_done
        batches_first = no_curves and (self.batches_first or not look.record.epochs)
        if batches_first != self.batches_first:
            self.batches_first = batches_first
            self._arrange()

    def _follow_network(self, look: Look) -> None:
        """What is seen of the network while it learns."""
        seen = {name: look.record.results.get(name) for name in LIVE}
        if any(seen[name] is not self._seen.get(name) for name in seen) or look.is_over != self._was_over:
            comes = {name for name, result in seen.items() if result} != {n for n, r in self._seen.items() if r}
            self._seen, self._was_over = seen, look.is_over
            if comes:
                self._arrange()
                self.refresh_bindings()
            for pane in self.query(LivePane):
                pane.draw_now()

    def _follow_results(self, look: Look) -> None:
        """What was found beside the curves: on its own screen, over this one."""
        found = tuple(map(id, look.record.findings.values()))
        if found != self._found:
            self._found = found
            self._arrange()
            self.refresh_bindings()
        if found and self._results_first and self.is_current:
            self._results_first = False
            self.action_results()
        elif self._results:
            self._results.show(look)

    def action_results(self) -> None:
        """Open the results of this run."""
        from tp1tui.tui.screens.results import ResultsScreen

        if self.look is None:
            return
        self._results = ResultsScreen(self._folder)
        self._results.show(self.look)
        self.app.push_screen(self._results, self._results_left)

    def _results_left(self, _: None) -> None:
        self._results = None

    @work(thread=True, group="usage")
    def _measure(self) -> None:
        if self.watched is None or not self._measuring.acquire(blocking=False):  # a driver may take its time
            return
        try:
            look = self.look
            self.watched.usage = self._meter.measure(look.record) if look and look.is_live else Usage()
            if look and self.in_sight and "device" in self._arrangement.panes and not why_not_seen(look):
                self._devices.sample(time(), look.record.pid)
                self.in_app(self._draw_device)
        finally:
            self._measuring.release()

    def _draw_device(self) -> None:
        self.query_one("#device", LivePane).draw_now()

    # Drawing.

    def _view(self, pane: Pane) -> PlotView:
        return self.query_one(f"#{pane}", PlotView)

    def _draw(self, *panes: Pane) -> None:
        """Draw them once, when all that happens now is done: each of several things that happen may ask for it."""
        if not self._due:
            self.call_later(self._draw_due)
        self._due.update(panes)

    def _draw_due(self) -> None:
        due = frozenset(self._due)
        self._due.clear()
        before = self.check_action("zoom_in", ())
        for view in (*self.query(PlotView), *self.query(LivePane)):
            if view.id in due:
                view.draw_now()
        if self.check_action("zoom_in", ()) != before:
            self.refresh_bindings()

    def _boundary_lines(self, width: int, height: int, ink: Ink) -> list[Line]:
        return boundary_lines(self.look, width, height, ink)

    def _probe_lines(self, width: int, height: int, ink: Ink) -> list[Line]:
        return probe_lines(self.look, width, height, ink)

    def _device_lines(self, width: int, height: int, ink: Ink) -> list[Line]:
        return device_lines(self.look, self._devices, settings.visible_gpus(), width, height, ink.glyphs)

    def _plot(self, pane: Pane, sight: Sight) -> Plot:
        """What a pane draws now."""
        look = self.look
        if look is None or self.watched is None:
            return Plot((), (), Chart((0, 1), (), empty="Reading the journal …"))
        curves, reference, over = self.watched.curves, self.watched.reference, look.is_over
        match pane:
            case "loss":
                return curves.loss(sight, reference, log_y=self.log_y, is_over=over)
            case "accuracy":
                return curves.accuracy(sight, reference, is_over=over)
        return curves.batch_loss(sight, look.steps_per_epoch, look.total_steps, log_y=self.log_y, is_over=over)

    # Arranging.

    def on_resize(self, event: Resize) -> None:
        """Another size may be another arrangement."""
        self._arrange()

    def on_plot_tabs_chosen(self, event: PlotTabs.Chosen) -> None:
        """A click on a tab."""
        if event.pane == "side":
            self.action_layers()
        elif event.pane == "results":
            self.action_results()
        else:
            self.action_front(event.pane)

    def action_front(self, pane: Pane) -> None:
        """Bring a plot to the front; once more, and all are back."""
        if self._arrangement.one_at_a_time:
            self.chosen, self.with_layers = pane, False
        else:
            self.chosen = None if self.chosen == pane else pane
        self._arrange()

    def action_layers(self) -> None:
        """Show the layer table, or put it away."""
        self.with_layers = "side" not in self._arrangement.panes
        self._arrange()
        if self.with_layers:
            self.query_one(LayerPane).focus()

    def action_log(self) -> None:
        """Losses on a log scale, or on a linear one again."""
        self.log_y = not self.log_y
        self.lab.prefer(log_y=self.log_y)
        self._mark_log()

    def _mark_log(self) -> None:
        for pane in _LOSSES:
            self._view(pane).log_y = self.log_y
        self._draw(*_LOSSES)

    @property
    def _arrangement(self) -> Arrangement:
        look = self.look
        return arrangement(
            self.size.width,
            self.size.height,
            self.chosen,
            layers=self.with_layers,
            batches_first=self.batches_first,
            has_boundary=look is not None and has_boundary(look),
            has_device=look is not None and not why_not_seen(look),
        )

    @property
    def _extra(self) -> frozenset[Tab]:
        """What there is beside the curves."""
        look = self.look
        if look is None:
            return frozenset()
        there: dict[Tab, bool] = {
            "boundary": has_boundary(look),
            "probe": has_probe(look),
            "results": bool(look.record.findings),
        }
        return frozenset(tab for tab, is_there in there.items() if is_there)

    @property
    def probe_in_sight(self) -> bool:
        """Whether the probe's pane is shown, so that its keys mean something."""
        return "probe" in self._arrangement.panes

    def _arrange(self) -> None:
        """Lay the panes out; those that come into sight draw themselves."""
        laid_out = self._arrangement
        grid = self.query_one("#panes")
        grid.set_classes(laid_out.grid)
        for pane in (*PLOTS, "side", "boundary", "probe", "device"):
            self.query_one(f"#{pane}").display = pane in laid_out.panes
        for view in (*self.query(PlotView), *self.query(LivePane)):
            view.is_titled = not laid_out.one_at_a_time
        tabs = self.query_one(PlotTabs)
        tabs.extra = self._extra
        tabs.display = laid_out.one_at_a_time
        tabs.show(laid_out.panes[0])
        self.follow_arrangement()
        self.refresh_bindings()
        self._draw(*PLOTS, "boundary", "probe", "device")
        if "device" in laid_out.panes:
            self._measure()
