"""The keys of the sweep screen: which of them are possible now, and what they ask of the members."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from tp1tui.journal.folder import short_name
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_results import chosen_on
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.overlay.metric import Metric
from tp1tui.tui.plots.sheet import PLOTS
from tp1tui.tui.question.topic import Topic, topic_of_sweep
from tp1tui.tui.screens.overlay_keys import OverlayKeys
from tp1tui.tui.screens.plot_keys import ESCAPES, plot_keys
from tp1tui.tui.sweep import steer
from tp1tui.tui.sweep.boundaries import has_boundaries
from tp1tui.tui.sweep.watch import SweepWatch
from tp1tui.tui.widgets.point_table import PointTable

_FRONT = Binding.Group("pane")
_NEEDS_A_SWEEP = frozenset(("pause", "go_on", "resume", "stop", "export", "open", "fold", "unfold", "leave_running"))


class SweepKeys(OverlayKeys):
    """A screen that steers a sweep. What it shows is its subclass's affair."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open run", id="sweep.open"),
        Binding("space", "pause", "pause", id="sweep.pause"),
        Binding("space", "go_on", "go on", id="sweep.go_on"),
        Binding("r", "resume", "resume", id="sweep.resume"),
        Binding("x", "stop", "stop all", id="sweep.stop"),
        Binding("f", "fold", "unfold", id="sweep.fold"),
        Binding("f", "unfold", "fold", id="sweep.unfold"),
        *ESCAPES,
        Binding("escape", "back", "back", id="sweep.back"),
        Binding("q", "leave_running", "leave", id="sweep.leave"),
        Binding("q", "app.quit", "quit", id="sweep.quit"),
        Binding("t", "split", "train/test", id="sweep.split"),
        Binding("y", "metric", "metric of the second plot", show=False, id="sweep.metric"),
        Binding("o", "over", "x axis", id="sweep.over"),
        Binding("l", "log", "log", id="sweep.log"),
        Binding("w", "smooth_more", "smoother", show=False, id="sweep.smoother"),
        Binding("W", "smooth_less", "less smooth", show=False, id="sweep.less_smooth"),
        Binding("h", "heat_figure", "final or best", show=False, id="sweep.heat_figure"),
        Binding("e", "export", "export", id="sweep.export"),
        Binding("1", "front('loss')", "loss in front", group=_FRONT, id="sweep.loss"),
        Binding("2", "front('accuracy')", "accuracy in front", group=_FRONT, id="sweep.accuracy"),
        Binding("3", "front('table')", "the table in front", group=_FRONT, id="sweep.table"),
        Binding("4", "front('heat')", "the heat table in front", group=_FRONT, id="sweep.heat"),
        Binding("5", "front('boundaries')", "the boundaries in front", group=_FRONT, id="sweep.boundaries"),
        Binding("6", "front('error')", "the error at the end in front", group=_FRONT, id="sweep.error"),
        *plot_keys(full="F"),
        Binding("m", "glyphs", "other plot characters", show=False, id="sweep.glyphs"),
        Binding("A", "card", "card and answer", show=False, id="sweep.card"),
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
    ]

    def __init__(self, folder: SweepFolder) -> None:
        """Prepare the screen for a sweep."""
        super().__init__()
        self._folder = folder

    CHOICES: ClassVar[tuple[Metric, ...]] = ("top1", "top5", "lr", "images_per_s")
    watched: SweepWatch | None = None
    """None until the journals have been read."""
    aspect = Aspect(metric="top1")

    @property
    def has_validation(self) -> bool:
        """Whether every run holds out a validation set."""
        return self.watched is not None and chosen_on(self.watched.points) == "validation"

    @property
    def saved_in(self) -> tuple[Path, str] | None:
        """A folder within the sweep's."""
        return self._folder.path / PLOTS, short_name(self._folder.id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible with this sweep in its state."""
        if action == "front" and parameters[0] == "boundaries":
            return self.has_boundaries
        if action == "front" and parameters[0] == "error":
            return self.has_error
        if action in ("heat_figure", "front"):
            return (action == "front" and parameters[0] != "heat") or self.has_heat
        if action not in _NEEDS_A_SWEEP:
            return super().check_action(action, parameters)
        if self.watched is None:
            return False
        possible = steer.possible(self.watched.steered, served=self.watched.served)
        table = self.query_one(PointTable)
        row = table.chosen
        match action:
            case "open":
                return row is not None
            case "fold" | "unfold":
                several = row is not None and len(self.watched.points[row.number].members) > 1
                return several and row is not None and table.is_unfolded(row.number) == (action == "unfold")
            case "pause":
                return "pause" in possible
            case "go_on":
                return "go on" in possible and "pause" not in possible
            case "stop":
                return "stop" in possible
            case "leave_running":
                return self.watched.state in ("running", "paused", "queued")
            case "export":
                return any(run.began for run in self.watched.steered)
        return "resume" in possible

    @property
    def has_heat(self) -> bool:
        """Whether two fields are varied."""
        return self.watched is not None and len(self.watched.spec.sweep.fields) == 2

    @property
    def has_boundaries(self) -> bool:
        """Whether its runs are on points of the plane, and any has shown its decision boundary."""
        return self.watched is not None and has_boundaries(self.watched)

    @property
    def has_error(self) -> bool:
        """Whether one number is varied, and two of its values have measured anything."""
        return self.watched is not None and self.watched.error is not None

    # What the keys do.

    @property
    def topic(self) -> Topic | None:
        """The question of the sweep."""
        watched = self.watched
        if watched is None:
            return None
        return topic_of_sweep(watched.spec, watched.prediction, lambda: watched.members)

    def action_move(self, by: int) -> None:
        """Move the table's cursor, also while a plot is in front of it."""
        self.query_one(PointTable).action_move(by)

    def action_open(self) -> None:
        """Show the run under the cursor; of a point with several seeds, list them first."""
        table = self.query_one(PointTable)
        row = table.chosen
        point = self.watched.point(row.key) if self.watched and row else None
        if point is None or row is None:
            return
        if len(point.members) > 1:
            self.action_fold()
            return
        self.lab.open_run(point.members[0].folder, "training")

    def action_fold(self) -> None:
        """List the runs of a point."""
        self.query_one(PointTable).fold()
        self.refresh_bindings()

    def action_unfold(self) -> None:
        """Put them away again."""
        self.action_fold()

    def action_pause(self) -> None:
        """Let what runs stand still; what is in line waits on."""
        self._do("pausing", steer.pause)

    def action_go_on(self) -> None:
        """Let what is paused go on."""
        self._do("going on", steer.go_on)

    def action_resume(self) -> None:
        """Put all that is not finished in line."""
        self._do("putting runs in line", partial(steer.resume, device=self.lab.device))

    @work
    async def action_stop(self) -> None:
        """Ask, then end all of the sweep."""
        if self.watched is None:
            return
        members = self.watched.members
        done = sum(member.state == "finished" for member in members)
        question = (
            f"Stop all of this sweep, with {done} of {len(members)} runs done? What they have reached stays, and they "
            "can go on later."
        )
        if await self.is_sure(question, "Stop all", "Let it go on"):
            self._do("stopping", steer.stop)

    def action_export(self) -> None:
        """Write the sweep as CSV into its folder, and say where."""
        from tp1tui.journal.sweep_export import export_sweep

        self.export(partial(export_sweep, self._folder))

    async def action_leave_running(self) -> None:
        """Leave the app; the sweep goes on, and how to come back is printed."""
        await self.run_action("app.quit")

    def _do(self, doing: str, deed: Callable[[list[steer.Steered]], str]) -> None:
        if self.watched is None:
            return

        def then(sentence: str) -> None:
            self.notify(sentence)
            self.while_here(self.followed)

        self.lab.writes.ask(doing, partial(deed, self.watched.steered), then)
