"""The keys of every screen with plots: zoom, cursor, full screen. They act on the plot in front, and on its like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from textual import work
from textual.binding import Binding, BindingType

from tp1tui.tui.plots.scene import Attention
from tp1tui.tui.run.curves import Plot
from tp1tui.tui.screens.page import Page
from tp1tui.tui.text import where_files_are
from tp1tui.tui.widgets.plot_view import PAN, PlotView

ZOOM = 2.0
"""How many times closer one key leads."""
_ZOOM = Binding.Group("zoom")
ESCAPES: tuple[BindingType, ...] = (
    Binding("escape", "cursor_away", "cursor away", id="plot.cursor_away"),
    Binding("escape", "not_full", "all again", id="plot.escape_full"),
)
"""What Escape does before it leaves a screen with plots: to stand before the binding that leaves."""


LOOKING: tuple[BindingType, ...] = (
    Binding("plus", "zoom_in", "zoom in", group=_ZOOM, id="plot.zoom_in"),
    Binding("equals_sign", "zoom_in", "zoom in", show=False, id="plot.zoom_in_unshifted"),
    Binding("minus", "zoom_out", "zoom out", group=_ZOOM, id="plot.zoom_out"),
    Binding("0", "whole", "the whole plot", group=_ZOOM, id="plot.whole"),
    Binding("left", "cursor_by(-1)", "values at the place before", show=False, id="plot.before"),
    Binding("right", "cursor_by(1)", "values at the next place", show=False, id="plot.next"),
    Binding("home", "cursor_to(0)", "values at the first place", show=False, id="plot.first"),
    Binding("end", "cursor_to(-1)", "values at the last place", show=False, id="plot.last"),
    Binding("S", "save", "save as SVG and PNG", show=False, id="plot.save"),
    Binding("shift+left", "pan(-1)", "move the zoomed plot to the left", show=False, id="plot.pan_left"),
    Binding("shift+right", "pan(1)", "move the zoomed plot to the right", show=False, id="plot.pan_right"),
)
"""What leads about in a plot, and saves it."""


def plot_keys(full: str = "f") -> list[BindingType]:
    """The bindings of a screen with plots.

    Args:
        full: The key that shows one full screen: `F` where a screen does something else on `f`.
    """
    return [
        Binding(full, "full", "full screen", id="plot.full"),
        Binding(full, "not_full", "all again", id="plot.not_full"),
        *LOOKING,
    ]


class PlotKeys(Page):
    """A screen with plots. `plot_keys()` and `ESCAPES` stand among its own bindings, after those that come first."""

    ALLOW_IN_MAXIMIZED_VIEW = "KeyBar"
    ESCAPE_TO_MINIMIZE = False
    """Since Escape has its own order here: the cursor first, then full screen, then the screen."""

    _turned_to: PlotView | None = None
    """The plot that a person turned to last."""

    @property
    def plot_in_front(self) -> PlotView | None:
        """The plot that keys act on: the one in full screen, else the last that was turned to, else the first."""
        shown = [view for view in self.query(PlotView) if view.display]
        if self._turned_to in shown:
            return self._turned_to
        return shown[0] if shown else None

    @property
    def reads_off(self) -> bool:
        """Whether Home and End are the cursor's, and not a list's beside the plots."""
        view = self.plot_in_front
        return view is not None and (self.maximized is view or view.attention.cursor is not None)

    @property
    def saved_in(self) -> tuple[Path, str] | None:
        """The folder that plots are saved in, and whose they are, in one word; None while that is not known."""
        return None

    def plot_name(self, view: PlotView, plot: Plot) -> str:
        """What a plot is called where it is saved."""
        return view.title

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what the plot in front does not allow."""
        view = self.plot_in_front if self.is_mounted else None
        is_drawn = view is not None and view.scene.drawing.frame is not None
        match action:
            case "full":
                return view is not None and self.maximized is None
            case "not_full":
                return self.maximized is not None
            case "zoom_in":
                return is_drawn and view is not None and not view.scene.is_closest
            case "zoom_out" | "whole" | "pan":
                return view is not None and view.attention.window is not None
            case "cursor_by" | "cursor_to":
                return is_drawn
            case "save":
                return is_drawn and self.saved_in is not None
            case "cursor_away":
                return view is not None and view.attention.cursor is not None
        return super().check_action(action, parameters)

    def on_plot_view_attended(self, event: PlotView.Attended) -> None:
        """Plots over the same axis are looked at in the same place."""
        self._turned_to = event.view
        for view in self.query(PlotView):
            if view is not event.view and view.over == event.view.over:
                view.look(event.view.attention)
        self.refresh_bindings()

    # What the keys do.

    def action_full(self) -> None:
        """Show the plot in front alone."""
        view = self.plot_in_front
        if view:
            self._turned_to = view
            self.maximize(view, container=False)
            self._shown_anew()

    def action_not_full(self) -> None:
        """Show what there was before."""
        self.minimize()
        self._shown_anew()

    def action_zoom_in(self) -> None:
        """Look closer at the cursor, or at the middle."""
        self._attend(lambda view: view.scene.zoomed(ZOOM))

    def action_zoom_out(self) -> None:
        """Look from farther away."""
        self._attend(lambda view: view.scene.zoomed(1 / ZOOM))

    def action_whole(self) -> None:
        """Look at all of the plot, which then follows its data again."""
        self._attend(lambda view: replace(view.attention, window=None))

    def action_pan(self, to: int) -> None:
        """Look to the side."""
        self._attend(lambda view: view.scene.panned(to * PAN))

    def action_cursor_by(self, by: int) -> None:
        """Read off the next place."""
        self._attend(lambda view: view.scene.moved(by))

    def action_cursor_to(self, end: int) -> None:
        """Read off the first or the last place."""
        self._attend(lambda view: view.scene.at_end(end))

    def action_cursor_away(self) -> None:
        """Read off nothing."""
        self._attend(lambda view: replace(view.attention, cursor=None))

    def follow_arrangement(self) -> None:
        """Show the plot in front full screen where the one that was is out of sight now."""
        if self.maximized is not None and not self.maximized.display:
            self.minimize()
            self.action_full()

    @work(thread=True, group="save")
    def action_save(self) -> None:
        """Save what is in sight of the plot in front, with every point of it, and say where."""
        from tp1tui.tui.plots.save import SaveError, save
        from tp1tui.tui.plots.sheet import file_stem, paths, sheet_of

        view, saved_in = self.plot_in_front, self.saved_in
        if view is None or saved_in is None:
            return
        (place, run), plot = saved_in, view.scene.of_all()
        name = self.plot_name(view, plot)
        sheet = sheet_of(f"{name} · {run}", plot.chart, plot.quantity, view.attention.window)
        files = paths(place, file_stem(run, name, sheet))
        try:
            save(sheet, files)
        except SaveError as error:
            self.in_app(self.tell, error)
        else:
            self.in_app(partial(self.notify, title="Saved", timeout=10), where_files_are(files))

    def _attend(self, lead: Callable[[PlotView], Attention]) -> None:
        view = self.plot_in_front
        if view:
            view.attend(lead(view))

    def _shown_anew(self) -> None:
        self.refresh_bindings()
        for view in self.query(PlotView):
            self.call_after_refresh(view.draw_now)
