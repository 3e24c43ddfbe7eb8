"""What a person must be told about a run; takes no room when there is nothing to tell."""

from __future__ import annotations

from textual.events import Resize

from tp1tui.tui.run.lines import Tone, wrapped
from tp1tui.tui.run.look import Look, MeasureLook
from tp1tui.tui.run.messages import message_lines
from tp1tui.tui.widgets.line_view import LineView


class RunMessages(LineView):
    """Sentences, each in its tone."""

    look: Look | MeasureLook | None = None
    _not_finite: int | None = None
    _problem = ""
    """Why the run cannot be read, as long as it cannot."""

    def show(self, look: Look | MeasureLook, not_finite: int | None = None) -> None:
        """Another look at the run; `not_finite` is the first step whose loss is NaN or infinite."""
        self.look, self._not_finite, self._problem = look, not_finite, ""
        self._follow()

    def show_problem(self, sentence: str) -> None:
        """The run cannot be read: say so until it is shown again."""
        self._problem = sentence
        self._follow()

    def on_resize(self, event: Resize) -> None:
        """Lines break elsewhere."""
        self._follow()

    def _follow(self) -> None:
        width = self.content_size.width or self.container_size.width - 2
        if self._problem:
            self.show_lines(wrapped(self._problem, Tone.BAD, width))
        elif self.look:
            self.show_lines(message_lines(self.look, width, self._not_finite))
