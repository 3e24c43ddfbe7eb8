"""The learning rate from the first step to the last, drawn before a run is started."""

from __future__ import annotations

from textual.events import Resize

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.schedule import is_constant
from tp1tui.tui.bench.schedule_lines import schedule_lines
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.widgets.line_view import LineView


class SchedulePane(LineView):
    """The schedule of one experiment, as large as there is room. What is not in sight is not drawn."""

    DEFAULT_CSS = "SchedulePane { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self.glyphs = Glyphs.BRAILLE
        self._experiment: Experiment | None = None

    @property
    def worth_a_look(self) -> bool:
        """Whether the learning rate changes at all."""
        return self._experiment is not None and not is_constant(self._experiment)

    def show(self, experiment: Experiment | None) -> None:
        """Another experiment; None where there is nothing to train."""
        if experiment != self._experiment:
            self._experiment = experiment
            self.draw_now()

    def draw_now(self) -> None:
        """Draw for the size there is now."""
        width, height = self.content_size
        if width < 1 or height < 1:
            return
        self.show_lines(schedule_lines(self._experiment, width, height, self.glyphs) if self._experiment else ())

    def on_resize(self, event: Resize) -> None:
        """Another size is another drawing."""
        self.draw_now()
