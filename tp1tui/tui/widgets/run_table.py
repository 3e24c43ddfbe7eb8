"""A table of runs and sweeps that keeps its cursor on the same one while runs come, go and change."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual

from tp1tui.tui.bench.history import STYLES
from tp1tui.tui.runs.order import Order, arranged
from tp1tui.tui.runs.rows import ListRow, labels_on, list_rows, passing, runs_of
from tp1tui.tui.runs.sheet import Sheet
from tp1tui.tui.sweep.group import SweepRow, grouped
from tp1tui.tui.widgets.choices import Choice, Choices
from tp1tui.tui.widgets.lazy_lines import LazyLines

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary

SELECTED, PARTLY, PINNED = "+", "±", "★"
"""The marks of a row that is selected, of a sweep of which some members are, and of a row that is pinned."""
_MARKS = 3
"""Cells of the marks and the space after them."""
_MOST_DRAWN = 500
"""Rows that are kept drawn, some screens full."""


class RunTable(Choices):
    """Titles that stay in sight, and a row a run; a sweep is one row, with its members under it when it is unfolded.

    Only rows in sight are drawn.
    """

    @dataclass
    class TitleClicked(Choices.Moved):
        """A column's title was clicked."""

        title: str

    @dataclass
    class MarkClicked(Choices.Moved):
        """The place of the marks was clicked, before the row under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._runs: Sequence[RunSummary] = ()
        self._unfolded: frozenset[str] = frozenset()
        self._passes: Callable[[RunSummary], bool] = lambda run: True
        self._sheet = Sheet((), Order())
        self._row_ids: list[str] = []
        self._looks: dict[object, Strip] = {}
        self.selected: frozenset[str] = frozenset()
        """Ids of the runs that are selected, listed or not."""

    @property
    def chosen(self) -> RunSummary | SweepRow | None:
        """What stands under the cursor."""
        at = self._place
        return None if at is None else self._sheet.rows[at].entry

    @property
    def sweep(self) -> SweepRow | None:
        """The sweep under the cursor, or the one that the run under it belongs to."""
        entry = self.chosen
        if entry is None or isinstance(entry, SweepRow):
            return entry
        rows = (row.entry for row in self._sheet.rows)
        return next((other for other in rows if isinstance(other, SweepRow) and other.id == entry.sweep), None)

    @property
    def is_unfolded(self) -> bool:
        """Whether that sweep's members are listed."""
        return self.sweep is not None and self.sweep.id in self._unfolded

    @property
    def order(self) -> Order:
        """What the table is sorted by."""
        return self._sheet.order

    @property
    def columns(self) -> tuple[str, ...]:
        """Titles of what it can be sorted by."""
        return self._sheet.columns

    @property
    def listed(self) -> tuple[RunSummary, ...]:
        """The runs that the rows stand for, members of folded sweeps among them."""
        return tuple(run for row in self._sheet.rows if not row.beneath for run in runs_of(row.entry))

    @property
    def picked(self) -> list[RunSummary | SweepRow]:
        """The runs and whole sweeps that are selected, or else what stands under the cursor."""
        if not self.selected:
            return [self.chosen] if self.chosen else []
        entries: list[RunSummary | SweepRow] = []
        for entry in grouped(self._runs):
            runs = [run for run in runs_of(entry) if run.id in self.selected]
            entries += [entry] if runs == [*runs_of(entry)] else runs
        return entries

    def folders_of(self, runs: Set[str]) -> list[Path]:
        """The folders of these runs, and of the sweeps of which no run is left then."""
        paths: list[Path] = []
        for entry in grouped(self._runs):
            going = [run.path for run in runs_of(entry) if run.id in runs]
            paths += going
            if isinstance(entry, SweepRow) and len(going) == len(entry.runs) and entry.path.exists():
                paths.append(entry.path)
        return paths

    def show(self, runs: Sequence[RunSummary]) -> None:
        """List these runs, newest first; where the one under the cursor is gone, the cursor is on what follows it."""
        if runs == self._runs:
            return
        place, before = self._place, self.cursor
        self._runs = runs
        self.selected &= {run.id for run in runs}
        self._list(self.order)
        if place is not None and before not in self._tops and self._row_ids:  # it was thrown away: on to the next
            self.choose(self._row_ids[min(place, len(self._row_ids) - 1)])

    def find(self, passes: Callable[[RunSummary], bool]) -> None:
        """List only runs that pass, and sweeps of which one does."""
        self._passes = passes
        self._list(self.order)

    def sort(self, order: Order) -> None:
        """List them in another order."""
        self._list(order)

    def select(self, runs: frozenset[str]) -> None:
        """Select these runs and no others."""
        self.selected = runs
        self.redraw()

    def fold(self) -> None:
        """List that sweep's members, or put them away; the cursor goes to the sweep."""
        if self.sweep:
            sweep_id = self.sweep.id
            self._unfolded ^= {sweep_id}
            self._list(self.order)
            self.choose(sweep_id)

    def select_on(self) -> None:
        """Select what stands under the cursor, or no more where all of it is; of a sweep, its members."""
        if self.chosen:
            runs = {run.id for run in runs_of(self.chosen)}
            self.select(self.selected - runs if runs <= self.selected else self.selected | runs)

    def write(self, width: int) -> Sequence[Choice]:
        """The titles, then the rows as they are written."""
        rows = (Choice(self._written(row, width), row.entry.id) for row in self._sheet.rows)
        return [Choice(self._head(width)), *rows]

    def strips(self, width: int) -> Sequence[Strip]:
        """The titles and the rows, each drawn when it comes into sight."""
        if len(self._looks) > _MOST_DRAWN:
            self._looks.clear()
        rows, cursor, lit = self._sheet.rows, self.cursor, self.has_focus

        def drawn(line: int) -> Strip:
            if line == 0:
                return self._strip(self._head(width), width, None)
            row = rows[line - 1]
            written = self._written(row, width)
            if row.entry.id != cursor:
                return self._strip(written, width, None)
            return self._strip(Content(written.plain) if lit else written, width, _CURSORS[lit])

        return LazyLines(len(rows) + 1, drawn)

    def in_sight(self, y: int) -> Strip | None:
        """The titles in the first line, however far the rows are scrolled."""
        return self._lines[0] if y == 0 and len(self._lines) else super().in_sight(y)

    def on_click(self, event: Click) -> None:
        """A click on a title or on a row's marks is told as such."""
        at = event.get_content_offset_capture(self)
        if at.y == 0:
            title = self._sheet.title_at(at.x - _MARKS, self.scrollable_content_region.width - _MARKS)
            if title is not None:
                self.post_message(self.TitleClicked(self, title))
        else:
            row_id = self._row_at(at.y + self.scroll_offset.y)
            self._go(row_id or self.cursor)
            if row_id is not None:
                self.post_message((self.MarkClicked if at.x < _MARKS else self.Clicked)(self))
        event.prevent_default()

    @property
    def _ids(self) -> list[str]:
        return self._row_ids

    @property
    def _place(self) -> int | None:
        """Number of the row under the cursor."""
        line, _ = self._tops.get(self.cursor or "", (0, 0))
        return line - 1 if line else None

    def _row_at(self, line: int) -> str | None:
        return self._row_ids[line - 1] if 1 <= line <= len(self._row_ids) else None

    def _bring_into_sight(self) -> None:
        if self.cursor in self._tops:
            line, _ = self._tops[self.cursor]
            self.scroll_to_region(Region(0, line - 1, 1, 2), animate=False, immediate=True)  # the titles hide a line

    def _list(self, order: Order) -> None:
        entries = arranged(passing(grouped(self._runs), self._passes), order)

        def members(runs: Sequence[RunSummary]) -> Sequence[RunSummary]:
            listed = [run for run in runs if self._passes(run)]
            return arranged(listed, order) if order.title else listed

        self._sheet = Sheet(list_rows(entries, self._unfolded, members), order, self._sheet)
        self._row_ids = [row.entry.id for row in self._sheet.rows]
        self._tops = {row_id: (line, 1) for line, row_id in enumerate(self._row_ids, start=1)}
        self.rewrite()

    def _head(self, width: int) -> Content:
        return Content.styled(" " * _MARKS + self._sheet.head(width - _MARKS), "underline $foreground 60%")

    def _written(self, row: ListRow, width: int) -> Content:
        entry = row.entry
        runs = {run.id for run in runs_of(entry)}
        mark = SELECTED if runs <= self.selected else PARTLY if runs & self.selected else " "
        pin = PINNED if labels_on(entry).pinned else " "
        line = self._sheet.line(row, width - _MARKS)
        style = "" if entry.state == "finished" else STYLES.get(entry.state, "")
        if not isinstance(entry, SweepRow) and entry.problem:
            style = "$error"
        return Content.assemble((mark, "bold $primary"), (pin, "$warning"), " ", (line, style))

    def _strip(self, text: Content, width: int, cursor: str | None) -> Strip:
        style = self.get_visual_style(cursor) if cursor else self.visual_style
        key = (text.plain, tuple(text.spans), style, width, self.app.theme)
        if key not in self._looks:
            self._looks[key] = Visual.to_strips(self, text, width, 1, style, pad=cursor is not None)[0]
        return self._looks[key]


_CURSORS = {True: "choices--lit-cursor", False: "choices--cursor"}
"""By whether the table has the focus."""
