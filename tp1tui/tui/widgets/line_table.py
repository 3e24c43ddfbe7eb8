"""The line as a table that keeps its cursor on the same run while others come, go and move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from tp1tui.tui.bench.history import STYLES
from tp1tui.tui.line.rows import LineRow, row_lines
from tp1tui.tui.widgets.choices import Choice, Choices

if TYPE_CHECKING:
    from tp1tui.worker.line import DeviceLine


class LineTable(Choices):
    """A heading a device, and a row for each run that goes on there or waits for it."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._line: Sequence[DeviceLine] = ()
        self._rows: list[LineRow] = []
        self._now = datetime.now().astimezone()

    @property
    def rows(self) -> Sequence[LineRow]:
        """All that is shown."""
        return self._rows

    @property
    def chosen(self) -> LineRow | None:
        """What stands under the cursor."""
        return next((row for row in self._rows if row.run.id == self.cursor), None)

    def show(self, line: Sequence[DeviceLine], rows: list[LineRow], now: datetime) -> None:
        """Show the line as it is now; where the run under the cursor is gone, the cursor goes to what follows it.

        Args:
            line: Its devices.
            rows: Its rows.
            now: In local time.
        """
        before, place = self.cursor, next((at for at, row in enumerate(self._rows) if row.run.id == self.cursor), None)
        self._line, self._rows, self._now = line, rows, now
        if place is not None and rows and not any(row.run.id == before for row in rows):
            self.choose(rows[min(place, len(rows) - 1)].run.id)
        self.rewrite()

    def write(self, width: int) -> Sequence[Choice]:
        """The heading, then each device over its runs."""
        table = row_lines(self._rows, width, self._now)
        choices = [Choice(Content.styled(table.head, "underline $foreground 60%"))] if self._rows else []
        lines = dict(zip((row.run.id for row in self._rows), table.rows, strict=True))
        rows = {row.run.id: row for row in self._rows}
        for device in self._line:
            choices.append(Choice(_heading(device)))
            for one in (*device.going, *device.waiting):
                row = rows.get(one.run.id)
                if row:
                    choices.append(Choice(Content.styled(lines[row.run.id], _style(row)), row.run.id))
        return choices


def _heading(device: DeviceLine) -> Content:
    many = len(device.waiting)
    states = [] if device.going or len(device.slots) > 1 else ["idle"]
    states += [f"{many} wait{'s' if many == 1 else ''}"] if many else []
    return Content.assemble((device.device, "bold"), ("  " + ", ".join(states), "$foreground 60%"))


def _style(row: LineRow) -> str:
    return STYLES.get(row.run.state, "") if not row.number else ""
