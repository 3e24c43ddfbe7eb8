"""An app that sends a terminal what it can show, and of that only what differs from what stands there."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.filter import LineFilter, Monochrome
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.worker import get_current_worker

from tp1tui.spec.steering import without_steering
from tp1tui.tui.daemon_threads import DaemonThreads
from tp1tui.tui.terminal.ability import Ability
from tp1tui.tui.terminal.difference import Shown
from tp1tui.tui.terminal.leaving import end_with_terminal, leave_when_told
from tp1tui.tui.terminal.no_colours import NoColours
from tp1tui.tui.terminal.plain_ascii import PlainAscii

if TYPE_CHECKING:
    from rich.console import RenderableType


class TerminalApp(App[str]):
    """Draws for terminals without colours, without Unicode, or far away."""

    def __init__(self, ability: Ability) -> None:
        """Prepare to draw.

        Args:
            ability: What the terminal can show.
        """
        super().__init__()
        self.ability = ability
        self._draw_with(ability)
        self._shown = Shown()

    def on_load(self) -> None:
        """Let no thread that waits for a disk hold up another one, or the end of the program."""
        asyncio.get_running_loop().set_default_executor(DaemonThreads())

    def on_mount(self) -> None:
        """Know nothing of what the terminal shows after another program had it; leave when it is gone, or when told."""
        self.app_resume_signal.subscribe(self, lambda _: self._shown.forget())
        if sys.__stdin__ and not self.is_headless:
            leave_when_told(asyncio.get_running_loop(), lambda: self.call_later(self.run_action, "quit"))
            end_with_terminal(sys.__stdin__.fileno())

    def in_app(self, call: Callable[..., object], *arguments: object) -> None:
        """From a thread of `work`: do something in the app's own, unless the app has ended meanwhile."""
        if not get_current_worker().is_cancelled:
            self.call_from_thread(call, *arguments)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something in passing, as it stands: it may hold names, paths and other people's words, so no markup."""
        words, heading = without_steering(message), without_steering(title)
        super().notify(words, title=heading, severity=severity, timeout=timeout, markup=False)

    def action_draw_anew(self) -> None:
        """Send all of the screen again, where something else has written over it."""
        self._shown.forget()
        self.refresh()

    def _draw_with(self, ability: Ability) -> None:
        """In the place of what Textual makes of NO_COLOR, COLORTERM and TERM."""
        self.no_color = ability.colours == "none"
        self._limits: list[LineFilter] = [NoColours()] if self.no_color else []
        if not ability.unicode:
            self._limits.append(PlainAscii())
        self.console = Console(
            file=self.console.file,
            color_system="truecolor" if ability.colours == "none" else ability.colours,
            force_terminal=True,
            legacy_windows=False,
            no_color=False,
        )

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every drawn line goes through."""
        ours = [line_filter for line_filter in super().get_line_filters() if not isinstance(line_filter, Monochrome)]
        return [*ours, *self._limits]

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send what differs from what the terminal shows: Textual's one place where anything is sent."""
        if isinstance(renderable, CompositorUpdate) and self._sends:
            renderable = self._shown.changes(renderable, self.size)
        super()._display(screen, renderable)

    @property
    def _sends(self) -> bool:
        """Whether what is displayed now goes to the terminal, as `_display` of Textual decides it."""
        return self._running and not (self._closed or self._batch_count or self.is_headless or self.is_inline)
