"""A measure that trains nothing, live: how it stands, what goes on, and its results as they come."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tp1tui.journal.commands import Stop
from tp1tui.journal.folder import RunFolder
from tp1tui.tui.run.look import MeasureLook
from tp1tui.tui.run.watch import MeasureWatch
from tp1tui.tui.screens.results_page import ResultsPage
from tp1tui.tui.screens.watching import HEAD, WatchingPage
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.run_head import RunHead
from tp1tui.tui.widgets.run_messages import RunMessages

_NEEDS_A_RUN = frozenset(("stop", "leave_running", "resume", "start_now", "explain_gone", "leave_line", "export"))


class MeasureScreen(ResultsPage, WatchingPage[MeasureLook]):
    """Follows one measure. What it shows changes when the measure's journal does."""

    HELP = (
        "One measure: something that is computed and is no training. Its results come one by one; the arrow keys "
        "scroll them, and where a table has more columns than fit, left and right move it. With several results, Tab "
        "leads from their names to the results and back. It belongs to no terminal: leave with q or Esc and it goes "
        "on. One that was stopped or has failed is taken again, from its beginning, with r."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "resume", "take it again", id="measure.resume"),
        Binding("r", "start_now", "start now", id="measure.start_now"),
        Binding("r", "explain_gone", show=False, system=True),
        Binding("x", "stop", "stop", id="measure.stop"),
        Binding("x", "leave_line", "out of line", id="measure.leave_line"),
        Binding("e", "export", "export", id="measure.export"),
        Binding("A", "card", "card and answer", show=False, id="measure.card"),
        Binding("escape", "back", "back", id="measure.back"),
        Binding("q", "leave_running", "leave", id="measure.leave"),
        Binding("q", "app.quit", "quit", id="measure.quit"),
    ]
    watched: MeasureWatch | None = None

    def __init__(self, folder: RunFolder) -> None:
        """Prepare the screen for a measure that trains nothing."""
        super().__init__(folder)
        self._head_at = 0.0
        self._steering: object = None
        self._shown: object = None

    def compose(self) -> ComposeResult:
        """How it stands, its results, keys."""
        yield RunHead(id="head")
        yield RunMessages(id="messages")
        yield from self.middle()
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the journal where nobody waits for it."""
        self.begin_to_open(lambda: MeasureWatch(RunFolder.open(self._folder.path)), self._opened)

    def _opened(self, watched: MeasureWatch) -> None:
        self.begin_to_watch(watched)
        self.follow()

    def follow(self) -> None:
        """Show what has changed, the numbers no more often than they can be read."""
        look = self.look
        if look is None:
            return
        steering = (look.state, look.asked, look.place, look.record.preparing is None, look.gone)
        if steering != self._steering:
            self._steering, self._head_at = steering, 0.0
            self.refresh_bindings()
        results = tuple(map(id, look.record.results.values()))
        if (results, look.state) != self._shown:
            self._shown, self._head_at = (results, look.state), 0.0
            self.nothing_yet = "The first result will stand here." if not look.is_over else "It has no results."
            self.show_results(look.record.results.values())
        now = monotonic()
        if now - self._head_at >= HEAD:
            self._head_at = now
            self.query_one(RunHead).show(look)
            self.query_one(RunMessages).show(look)

    @property
    def folder(self) -> RunFolder:
        """Of the measure."""
        return self._folder

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible with this measure in its state."""
        if action not in _NEEDS_A_RUN:
            return super().check_action(action, parameters)
        look = self.look
        if look is None:
            return False
        match action:
            case "resume":
                return self.can_resume(look)
            case "start_now" | "leave_line":
                return bool(look.place)
            case "explain_gone":
                return bool(look.gone)
            case "export":
                return bool(look.record.results) and not look.gone
        return look.is_live

    @work
    async def action_stop(self) -> None:
        """Ask, then end the measure."""
        if await self.is_sure("Stop this measure? The results that it has stay.", "Stop it", "Let it go on"):
            self.send(Stop(), "stopping", lambda look: not look.is_live)
