"""The console that verbs print on: whatever stands in a run, only this program steers the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from tp1tui.spec.steering import without_steering


class PlainConsole(Console):
    """rich's console, but for texts that would steer the terminal: rich's own control codes pass, and no others."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """The pieces of something to print."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text, style, control) if control else Segment(without_steering(text), style)
