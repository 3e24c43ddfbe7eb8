"""Accuracy over the two fields that a sweep varies."""

from __future__ import annotations

from textual.events import Resize

from tp1tui.journal.sweep_results import HeatFigure, chosen_on, heat
from tp1tui.tui.results.heat import draw_heat
from tp1tui.tui.run.lines import Line, Tone
from tp1tui.tui.sweep.names import field_in_words
from tp1tui.tui.sweep.watch import SweepWatch
from tp1tui.tui.widgets.inked import Inked
from tp1tui.tui.widgets.line_view import LineView


class HeatView(LineView, Inked):
    """A heat table under its name."""

    DEFAULT_CSS = "HeatView { height: 1fr; }"
    figure: HeatFigure = "final_test_top1"
    is_titled = True
    """Whether its key stands before its name."""
    _watch: SweepWatch | None = None

    def show(self, watch: SweepWatch) -> None:
        """The sweep as it stands now."""
        self._watch = watch
        self.draw_now()

    def draw_now(self) -> None:
        """Draw for the size there is now."""
        width = self.content_size.width
        grid = heat(self._watch.points, self.figure) if self._watch else None
        if grid is None or width < 1 or not self.display:
            return
        named = grid.model_copy(
            update={
                side: axis.model_copy(update={"name": field_in_words(axis.name)})
                for side, axis in (("down", grid.down), ("across", grid.across))
            }
        )
        key: Line = (("4 ", Tone.KEY),) if self.is_titled else ()
        other = "best" if self.figure == "final_test_top1" else "final"
        chosen = f" (chosen on {chosen_on(self._watch.points)})" if self._watch and other == "final" else ""
        title: Line = (*key, (f"{grid.name}{chosen}", Tone.STRONG), (f"   h {other}", Tone.DIM))
        self.show_lines([title, *draw_heat(named, width, self.ink, 0).lines])

    def on_resize(self, event: Resize) -> None:
        """Another size is another drawing."""
        self.draw_now()
