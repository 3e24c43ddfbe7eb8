"""One run, live: its numbers, its curves, the loss of every batch, its layers."""

from __future__ import annotations

from threading import Lock
from time import monotonic, time
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult

from tp1tui.journal.folder import RunFolder
from tp1tui.spec.live import LIVE
from tp1tui.spec.results import Result
from tp1tui.tui.device.view import why_not_seen
from tp1tui.tui.run.look import Look, Usage
from tp1tui.tui.run.watch import RunWatch
from tp1tui.tui.screens.run_panes import RunPanes
from tp1tui.tui.screens.watching import HEAD, WatchingPage
from tp1tui.tui.usage import UsageMeter
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.layer_pane import LayerPane
from tp1tui.tui.widgets.live_pane import LivePane
from tp1tui.tui.widgets.plot_tabs import PlotTabs
from tp1tui.tui.widgets.run_about import RunAbout
from tp1tui.tui.widgets.run_head import RunHead
from tp1tui.tui.widgets.run_messages import RunMessages

if TYPE_CHECKING:
    from tp1tui.tui.screens.results import ResultsScreen

POLL_FIRST = 0.05
"""Seconds between two looks at the journal until the first batch is there, for which a person waits."""
BATCHES = 0.5
"""Seconds between two drawings of the batches, at least."""
SHARE = 0.02
"""Of this process's time that drawing the batches may take: where it is slow, it is done less often."""
USAGE = 1.0
"""Seconds between two measurements of what the worker takes."""


class RunScreen(RunPanes, WatchingPage[Look]):
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

    _results: ResultsScreen | None = None
    """The screen of the results, while it lies over this one."""

    def compose(self) -> ComposeResult:
        """Numbers over plots over keys."""
        yield RunHead(id="head")
        yield RunMessages(id="messages")
        yield PlotTabs(id="tabs")
        yield from self.panes()
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the journal where nobody waits for it."""
        self._head_at = self._batches_at = 0.0
        self._news = True
        self._steering: object = None
        self._epochs: object = None
        self._found: object = ()
        self._seen: dict[str, Result | None] = {}
        self._was_over = False
        self._meter, self._measuring = UsageMeter(), Lock()
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

    def open_beside(self, folder: RunFolder) -> None:
        """Show another run over this one's curves, on a screen that is no tour, also where this one is."""
        self.app.push_screen(RunScreen(folder, self._folder))

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
        steering = (look.state, look.asked, look.place, look.record.preparing is None, look.gone)
        before = self.watched.reference_last if self.watched else None
        epochs = (look.record.last, len(look.record.changes), look.state, bool(look.record.losses), before)
        if steering != self._steering:
            self._steering, self._head_at = steering, 0.0
            self.refresh_bindings()
        if (unseen := why_not_seen(look)) != self._unseen:
            self._unseen = unseen
            self._arrange()
        if epochs != self._epochs:
            self._epochs, self._batches_at, self._head_at = epochs, 0.0, 0.0
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

    def on_plot_tabs_chosen(self, event: PlotTabs.Chosen) -> None:
        """A click on a tab."""
        if event.pane == "side":
            self.action_layers()
        elif event.pane == "results":
            self.action_results()
        else:
            self.action_front(event.pane)

    # The device.

    def device_in_sight(self) -> None:
        """Sample it at once."""
        self._measure()

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
