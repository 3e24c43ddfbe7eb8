"""The keys of the comparison: which of them are possible now, and what they do to the choice of runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from tp1tui.journal.folder import RunFolder
from tp1tui.tui.compare.watch import Compared, CompareWatch
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.overlay.metric import METRICS
from tp1tui.tui.screens.overlay_keys import OverlayKeys
from tp1tui.tui.screens.plot_keys import ESCAPES, plot_keys
from tp1tui.tui.widgets.compare_table import CompareTable

COMPARISONS = "comparisons"
"""The folder, among the runs, that comparisons are exported to."""


class CompareKeys(OverlayKeys):
    """A screen that holds runs against each other. What it shows is its subclass's affair."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="compare.open"),
        Binding("y", "metric", "metric", id="compare.metric"),
        Binding("t", "split", "set", id="compare.split"),
        Binding("o", "over", "x axis", id="compare.over"),
        Binding("b", "baseline", "baseline", id="compare.baseline"),
        Binding("b", "no_baseline", "no baseline", id="compare.no_baseline"),
        Binding("d", "differences", "differences", id="compare.differences"),
        Binding("w", "smooth_more", "smoother", id="compare.smoother"),
        Binding("W", "smooth_less", "less smooth", show=False, id="compare.less_smooth"),
        Binding("delete", "remove", "leave out", id="compare.remove"),
        Binding("u", "put_back", "take in again", id="compare.put_back"),
        Binding("l", "log", "log", id="compare.log"),
        Binding("e", "export", "export", id="compare.export"),
        *ESCAPES,
        Binding("escape", "back", "back", id="compare.back"),
        Binding("q", "app.quit", "quit", id="compare.quit"),
        *plot_keys(),
        Binding("m", "glyphs", "other plot characters", show=False, id="compare.glyphs"),
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
    ]

    def __init__(self, folders: Sequence[RunFolder]) -> None:
        """Prepare the screen.

        Args:
            folders: Of the runs, in the order in which they are listed; one that comes twice counts once.
        """
        super().__init__()
        self._folders = list(dict.fromkeys(folders))

    watched: CompareWatch | None = None
    """None until the journals have been read."""
    aspect = Aspect(lit="")

    @property
    def has_validation(self) -> bool:
        """Whether any run has measured a validation set."""
        return self.watched is not None and self.watched.has_validation

    @property
    def has_batches(self) -> bool:
        """Whether each batch is there to be looked at."""
        return True

    @property
    def chosen(self) -> Compared | None:
        """The run under the cursor."""
        return self.query_one(CompareTable).chosen if self.watched else None

    @property
    def saved_in(self) -> tuple[Path, str] | None:
        """Beside the tables of comparisons."""
        return self.lab.runs_dir / COMPARISONS, f"{datetime.now():%Y-%m-%dT%H-%M-%S}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible with these runs."""
        match action:
            case "open" | "export":
                return self.chosen is not None
            case "baseline":
                return self.chosen is not None and self.chosen.key != self.aspect.baseline
            case "no_baseline":
                return self.chosen is not None and self.chosen.key == self.aspect.baseline
            case "remove":
                return self.chosen is not None and self.watched is not None and len(self.watched.runs) > 1
            case "put_back":
                return self.watched is not None and self.watched.has_removed
            case "split":
                return METRICS[self.aspect.metric].by_split
        return super().check_action(action, parameters)

    def gathered(self) -> None:
        """Show another choice of runs."""
        raise NotImplementedError

    # What the keys do.

    def action_move(self, by: int) -> None:
        """Move the table's cursor, also while something else has the focus."""
        self.query_one(CompareTable).action_move(by)

    def action_open(self) -> None:
        """Show the run under the cursor."""
        if self.chosen:
            self.lab.open_run(self.chosen.seen.folder, "training")

    def action_log(self) -> None:
        """This figure on a log scale, or on a linear one again."""
        self.turn_log(self.aspect.metric)

    def action_baseline(self) -> None:
        """Hold the others against the run under the cursor."""
        if self.chosen:
            self.look_at(self.aspect.with_baseline(self.chosen.key))
            self.gathered()

    def action_no_baseline(self) -> None:
        """Hold the runs against none of them."""
        self.look_at(self.aspect.with_baseline(""))
        self.gathered()

    def action_remove(self) -> None:
        """Leave the run under the cursor out of the comparison; its folder stays as it is."""
        if self.watched and self.chosen and len(self.watched.runs) > 1:
            self.watched.remove(self.chosen.key)
            self.gathered()

    def action_put_back(self) -> None:
        """Take in again the run that was left out last."""
        if self.watched:
            key = self.watched.put_back()
            self.gathered()
            self.query_one(CompareTable).choose(key)

    def action_export(self) -> None:
        """Write the comparison as CSV, and say where."""
        from tp1tui.journal.comparison_export import export_comparison

        if self.watched is None:
            return
        folders = [run.seen.folder for run in self.watched.runs]
        file = self.lab.runs_dir / COMPARISONS / f"{datetime.now():%Y-%m-%dT%H-%M-%S}.csv"
        self.export(partial(export_comparison, folders, file))
