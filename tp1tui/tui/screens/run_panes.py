"""The panes of the run screen: what each draws, and how they are laid out."""

from __future__ import annotations

from functools import partial

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.events import Resize

from tp1tui import settings
from tp1tui.tui.device.meter import DeviceMeter
from tp1tui.tui.device.view import device_lines, why_not_seen
from tp1tui.tui.plots.chart import Chart
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.run.arrangement import PLOTS, Arrangement, Pane, arrangement
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line
from tp1tui.tui.run.live import boundary_lines, has_boundary, has_probe, probe_lines
from tp1tui.tui.screens.run_keys import RunKeys
from tp1tui.tui.widgets.layer_pane import LayerPane
from tp1tui.tui.widgets.live_pane import LivePane
from tp1tui.tui.widgets.plot_tabs import PlotTabs, Tab
from tp1tui.tui.widgets.plot_view import PlotView
from tp1tui.tui.widgets.run_about import RunAbout

_LOSSES: tuple[Pane, ...] = ("loss", "batches")
_TITLES: dict[Pane, str] = {
    "loss": "loss",
    "accuracy": "accuracy",
    "batches": "loss of every batch",
    "boundary": "decision boundary",
    "probe": "probe",
    "device": "device",
}


class RunPanes(RunKeys):
    """A screen with the panes of one run. When they are drawn anew is its subclass's affair."""

    chosen: Pane | None = None
    """The plot that a person brought to the front."""
    with_layers: bool | None = None
    """Whether the layer table is to be shown; None while nobody said."""
    log_y = False
    """Whether losses are on a log scale."""
    batches_first = False
    """Whether steps were taken before the untrained network was measured, and the first epoch is not done yet."""

    def panes(self) -> ComposeResult:
        """Plots, layers, and what is seen of the network and of its device."""
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

    def on_mount(self) -> None:
        """Draw losses on the scale that the person likes."""
        self._due: set[Pane] = set()
        self._devices = DeviceMeter()
        self.log_y = self.lab.preferences.log_y
        self._mark_log()

    def device_in_sight(self) -> None:
        """The device's pane is shown, and there should be something in it."""
        raise NotImplementedError

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
            self.device_in_sight()
