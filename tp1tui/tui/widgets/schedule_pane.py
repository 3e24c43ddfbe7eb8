"""The learning rate from the first step to the last, drawn before a run is started."""

from __future__ import annotations

from textual.events import Resize

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.preset import Preset
from tp1tui.spec.schedule import is_constant
from tp1tui.tui.bench.courses import courses
from tp1tui.tui.bench.schedule_lines import schedule_lines
from tp1tui.tui.run.lines import Tone, wrapped
from tp1tui.tui.widgets.inked import Inked
from tp1tui.tui.widgets.line_view import LineView

NOTHING_TRAINED = "Nothing is trained here, so there is no learning rate."


class SchedulePane(LineView, Inked):
    """The schedules of what would be started, as large as there is room. What is not in sight is not drawn."""

    DEFAULT_CSS = "SchedulePane { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._asked: Preset | None = None
        self._courses: dict[str, Experiment] = {}

    @property
    def worth_a_look(self) -> bool:
        """Whether the learning rate changes at all."""
        return not all(map(is_constant, self._courses.values()))

    def show(self, asked: Preset | None) -> None:
        """What else would be started; None where it cannot be read."""
        if asked is not self._asked:
            self._asked = asked
            self._courses = courses(asked)
            self.draw_now()

    def draw_now(self) -> None:
        """Draw for the size there is now."""
        width, height = self.content_size
        if width < 1 or height < 1:
            return
        if self._courses:
            self.show_lines(schedule_lines(self._courses, width, height, self.glyphs))
        else:
            self.show_lines(wrapped(NOTHING_TRAINED, Tone.DIM, width) if self._asked else ())

    def on_resize(self, event: Resize) -> None:
        """Another size is another drawing."""
        self.draw_now()
