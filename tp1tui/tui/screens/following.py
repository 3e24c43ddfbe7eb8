"""What the screens on several runs share: they look at journals and draw, no more often than that is worth."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, thread_time
from typing import ClassVar, TypeVar

from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line, Tone, wrapped
from tp1tui.tui.screens.plot_keys import PlotKeys
from tp1tui.tui.screens.reading import ReadingPage
from tp1tui.tui.widgets.line_view import LineView
from tp1tui.tui.widgets.plot_view import PlotView

POLL = 0.3
"""Seconds between two looks at the journals, at least."""
DRAW = 1.0
"""Seconds between two drawings of the plots and the tables, at least."""
SHARE = 0.05
"""Of this process's time that looking and drawing may each take: where they are slow, they are done less often."""

Found = TypeVar("Found")


class FollowingPage(PlotKeys, ReadingPage):
    """A screen that follows journals. What it reads and shows is its subclass's affair."""

    PROBLEMS: ClassVar[str] = "#messages"
    """Where sentences stand on what cannot be read."""
    polled_at = 0.0
    take_seconds = 0.0
    drawn_at = 0.0

    def plot_name(self, view: PlotView, plot: Plot) -> str:
        """The figure that it shows now."""
        return plot.quantity.name

    def begin_to_follow(self, read: Callable[[], Found], take: Callable[[Found], object]) -> None:
        """Look again and again from now on.

        Args:
            read: Reads what is new in the journals, in a thread of its own. May raise OSError.
            take: Takes in here what was read, everything in its order. May raise OSError.
        """

        def timed(found: Found) -> None:
            began = thread_time()
            take(found)
            self.take_seconds = thread_time() - began

        self.begin_to_read(read, timed)
        self.set_interval(POLL, self.poll)

    def followed(self) -> None:
        """Look again at once: something was asked for."""
        super().read_on()

    def read_on(self) -> None:
        """Read, unless it was done a moment ago and takes long."""
        if monotonic() - self.polled_at >= (self.take_seconds + self.read_seconds) / SHARE:
            self.polled_at = monotonic()
            super().read_on()

    def cannot_read(self, error: OSError) -> None:
        """Say that a journal cannot be read."""
        self.say_trouble(f"A journal cannot be read: {error.strerror}.")

    def say_trouble(self, sentence: str) -> None:
        """Say it in the place of what else cannot be read."""
        self.show_problems([sentence])

    @property
    def may_draw(self) -> bool:
        """Whether the last drawing is long enough ago."""
        cost = sum(view.seconds for view in self.query(PlotView))
        return monotonic() - self.drawn_at >= max(DRAW, cost / SHARE)

    def show_problems(self, sentences: list[str]) -> None:
        """Say what cannot be read."""
        width = max(20, self.size.width - 2)
        lines: list[Line] = [line for sentence in sentences for line in wrapped(sentence, Tone.WARN, width)]
        self.query_one(self.PROBLEMS, LineView).show_lines(lines)
