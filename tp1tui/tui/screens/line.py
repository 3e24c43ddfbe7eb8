"""The line: what goes on on each device, what waits for it, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from tp1tui.tui.line.rows import LineRow, line_rows, named
from tp1tui.tui.screens.page import Page
from tp1tui.tui.shown_as import listed_as
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.line_table import LineTable
from tp1tui.tui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from tp1tui.journal.line_order import Way
    from tp1tui.worker.line import DeviceLine, LineReader

Done = TypeVar("Done")

LOOK_EVERY = 1.0
"""Seconds between two looks at the line."""
_MOVE = Binding.Group("move")
_OF_WAITING = frozenset(("move", "start_now", "leave_line"))


class LineScreen(Page):
    """Follows the line of the runs folder."""

    CSS_PATH = "line.tcss"
    AUTO_FOCUS = "#line"
    HELP = (
        "The line: one run goes on on each device at a time, the others wait for it in this order. Enter on the bench "
        "puts a run here while its device has one. K and J, or Shift with the arrow keys, move the run under the "
        "cursor up and down among those that wait for the same device; F and E bring it to the front or the end. p "
        "starts it at once, beside what goes on; x takes it out of line. When it starts is a guess from what earlier "
        "runs took. The line goes on when tp1tui is closed. After the machine was started anew, nobody starts what "
        "waits, and r goes on."
    )
    follows_runs = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open"),
        Binding("r", "serve", "go on with the line"),
        Binding("K", "move('up')", "up the line", group=_MOVE),
        Binding("J", "move('down')", "down the line", group=_MOVE),
        Binding("shift+up", "move('up')", "up the line", show=False),
        Binding("shift+down", "move('down')", "down the line", show=False),
        Binding("p", "start_now", "start now"),
        Binding("x", "leave_line", "out of line"),
        Binding("F", "move('first')", "to front"),
        Binding("E", "move('last')", "to end"),
        Binding("shift+home", "move('first')", "to front", show=False),
        Binding("shift+end", "move('last')", "to end", show=False),
        Binding("escape,Q", "back", "back"),
        Binding("q", "app.quit", "quit"),
    ]

    clock: Callable[[], datetime] = staticmethod(lambda: datetime.now().astimezone())
    """In local time."""

    def __init__(self) -> None:
        """Prepare the screen."""
        super().__init__()
        self._reader: LineReader | None = None
        self._line: tuple[DeviceLine, ...] = ()
        self._served = True
        self._looking = False

    def compose(self) -> ComposeResult:
        """The table between two bars, and a line on the run under its cursor."""
        yield TopBar()
        yield Static(UNSERVED, id="unserved", markup=False)
        yield LineTable(id="line")
        yield Static(NOTHING, id="nothing", markup=False)
        yield Static(id="about", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Look at the line, again and again while it is looked at."""
        self._look_out()
        self.set_interval(LOOK_EVERY, self._look_out)

    @property
    def row(self) -> LineRow | None:
        """What stands under the cursor."""
        return self.query_one(LineTable).chosen

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible with the run under the cursor."""
        if not self.is_mounted:
            return True
        row = self.row
        match action:
            case "open":
                return row is not None and row.run.problem is None
            case "serve":
                return not self._served
            case "move" if row is not None and row.number:
                last = max(other.number for other in self._rows_of(row.device))
                return row.number > 1 if parameters[0] in ("first", "up") else row.number < last
            case "start_now" | "leave_line" if row is not None:
                return row.number > 0
        return action not in _OF_WAITING

    # Looking.

    def _look_out(self) -> None:
        if self.in_sight and not self._looking:
            self._looking = True
            self.take_a_look()

    @work(thread=True, group="line")
    def take_a_look(self) -> None:
        """Read the line where nobody waits for it."""
        from tp1tui.worker.line import LineReader
        from tp1tui.worker.line_lock import is_served

        self._reader = self._reader or LineReader(self.lab.runs_dir)
        line = self._reader.read()
        served = is_served(self.lab.runs_dir) or not any(device.waiting for device in line)
        look = self.lab.look
        rows = line_rows(line, look.paces if look else (), served=served)
        self.in_app(self._seen, line, rows, served)

    def _seen(self, line: tuple[DeviceLine, ...], rows: list[LineRow], served: bool) -> None:  # noqa: FBT001
        self._looking, self._line, self._served = False, line, served
        self.query_one(LineTable).show(line, rows, self.clock())
        self.query_one(TopBar).state = _overview(rows)
        self.set_class(not rows, "-empty")
        self.set_class(not served, "-unserved")
        self._show_about()

    def on_choices_moved(self) -> None:
        """Another run under the cursor."""
        self._show_about()

    def on_choices_clicked(self) -> None:
        """A click on a run opens it."""
        self.action_open()

    def _show_about(self) -> None:
        row = self.row
        self.query_one("#about", Static).update(about(row, self._line, served=self._served) if row else "")
        self.refresh_bindings()

    def _rows_of(self, device: str) -> list[LineRow]:
        return [row for row in self.query_one(LineTable).rows if row.device == device]

    # What the keys do.

    def action_open(self) -> None:
        """Show the run."""
        from tp1tui.journal.folder import RunFolder

        if self.row is not None:
            self.lab.open_run(RunFolder(self.row.run.path), listed_as(self.row.run))

    def action_move(self, way: Way) -> None:
        """Let the run stand elsewhere in line."""
        from tp1tui.journal.folder import RunFolder
        from tp1tui.worker.line import move

        if self.row is None or self._reader is None:
            return
        folder = RunFolder(self.row.run.path)
        self._do("moving a run in line", partial(move, self.lab.runs_dir, folder, way, self._reader.all_slots))

    def action_leave_line(self) -> None:
        """Take the run out of line; it has not begun, so nothing is lost."""
        from tp1tui.journal.folder import RunFolder
        from tp1tui.journal.tickets import take_out_of_line

        row = self.row
        if row is None:
            return

        def then(waited: bool) -> None:  # noqa: FBT001 - what the deed returns
            if waited:
                self.notify(f"{named(row.run)} waits in line no more. The list of runs (r on the bench) keeps it.")
            else:
                self.notify(f"{named(row.run)} has begun already.", severity="warning")

        self._do("taking a run out of line", partial(take_out_of_line, RunFolder(row.run.path)), then)

    def action_start_now(self) -> None:
        """Start the run at once, beside what goes on."""
        from tp1tui.journal.folder import RunFolder
        from tp1tui.worker.launcher import resume

        if self.row is not None:
            deed = partial(resume, RunFolder(self.row.run.path))
            self._do("starting a run", deed, lambda _: self.notify("A worker is starting on it now."))

    def action_serve(self) -> None:
        """Let what waits be started again."""
        from tp1tui.worker.spawning import serve_line

        deed = partial(serve_line, self.lab.runs_dir)
        self._do("going on with the line", deed, lambda _: self.notify("The line goes on."))

    def _do(self, doing: str, deed: Callable[[], Done], then: Callable[[Done], object] = lambda _: None) -> None:
        """Change the line, and look at it again; for the arguments see `Writes.ask`."""

        def done(result: Done) -> None:
            then(result)
            self.while_here(self.take_a_look)

        self.lab.writes.ask(doing, deed, done, partial(self.while_here, self.take_a_look))


def about(row: LineRow, line: Sequence[DeviceLine], *, served: bool) -> str:
    """What the table has no room for: what it is, its whole name, what it waits for.

    Args:
        row: Of the run.
        line: As it is now.
        served: Whether anybody starts what waits.
    """
    from tp1tui.tui.changes import changes_in_words
    from tp1tui.tui.line.words import is_held_up, place_in_words

    run = row.run
    title = f"{run.title}, with {changes_in_words(run.changes)}" if run.changes else run.title
    place = place_in_words(line, run.id, served=served) or f"{run.state} on {row.device}"
    if served and is_held_up(line, run.id):
        place = f"{place}; p starts it now"
    name = f"“{run.labels.name}”  {run.id}" if run.labels.name else run.id
    return "\n".join(filter(None, (title, name, f"{place[:1].upper()}{place[1:]}.", run.problem)))


def _overview(rows: Sequence[LineRow]) -> str:
    waiting = sum(row.number > 0 for row in rows)
    paused = sum(not row.number and row.run.state == "paused" for row in rows)
    going = len(rows) - waiting - paused
    counts = [f"{waiting} in line"] if waiting else []
    counts += [f"{going} go{'es' if going == 1 else ''} on"] if going else []
    counts += [f"{paused} paused"] if paused else []
    return ", ".join(counts)


UNSERVED = """\
Nobody starts what waits here: the machine was started anew, or the process that does it was ended. r goes on."""
NOTHING = """\
Nothing goes on, and nothing waits.

Enter on the bench starts a run. While it goes on, the next one is put in line behind it and waits here, and starts by \
itself when its device is free, also when tp1tui is closed."""
