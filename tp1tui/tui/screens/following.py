"""What the screens on several runs share: they look at journals and draw, no more often than that is worth."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from tp1tui.tui.run.curves import Plot
from tp1tui.tui.run.lines import Line, Tone, wrapped
from tp1tui.tui.screens.plot_keys import PlotKeys
from tp1tui.tui.widgets.line_view import LineView
from tp1tui.tui.widgets.plot_view import PlotView

POLL = 0.3
"""Seconds between two looks at the journals, at least."""
DRAW = 1.0
"""Seconds between two drawings of the plots and the tables, at least."""
SHARE = 0.05
"""Of this process's time that looking and drawing may each take: where they are slow, they are done less often."""


class FollowingPage(PlotKeys):
    """A screen that follows journals. What it reads and shows is its subclass's affair."""

    PROBLEMS: ClassVar[str] = "#messages"
    """Where sentences stand on what cannot be read."""
    polled_at = 0.0
    poll_seconds = 0.0
    drawn_at = 0.0

    def plot_name(self, view: PlotView, plot: Plot) -> str:
        """The figure that it shows now."""
        return plot.quantity.name

    def look_again(self) -> None:
        """Read what is new in the journals, and show it.

        Raises:
            OSError: A journal is there, but cannot be read.
        """
        raise NotImplementedError

    def follow(self) -> None:
        """Show what has changed."""
        raise NotImplementedError

    def begin_to_follow(self) -> None:
        """Look again and again from now on."""
        self.set_interval(POLL, self._poll)

    def followed(self) -> None:
        """Look again at once: something was asked for."""
        self.poll_seconds = 0.0
        self._poll()

    def _poll(self) -> None:
        now = monotonic()
        if now - self.polled_at < self.poll_seconds / SHARE:
            return
        try:
            self.look_again()
        except OSError as error:
            self.show_problems([f"A journal cannot be read: {error.strerror}."])
            return
        self.polled_at = monotonic()
        self.poll_seconds = self.polled_at - now
        if self in self.app.screen_stack[-2:]:
            self.follow()

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
