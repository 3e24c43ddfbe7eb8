"""The table of a sweep's points as lines of text that fit a width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tp1tui.journal.state import ShownState
from tp1tui.journal.sweep_record import MemberRecord, Point
from tp1tui.journal.sweep_results import members_table, outcome
from tp1tui.spec.numbers import duration, loss, percent
from tp1tui.spec.results import Cell, Table
from tp1tui.tui.columns import Column, TableLines, table_lines
from tp1tui.tui.plots.chart import line_sign
from tp1tui.tui.run.head import STATES
from tp1tui.tui.sweep.names import point_words, seed_words
from tp1tui.tui.sweep.watch import SweepWatch

BEST = "◆"


@dataclass(frozen=True)
class PointRow:
    """One row: a point, or one of its runs."""

    key: str
    """As `SweepWatch.point` takes it."""
    number: int
    """Of the point, from 0."""
    sign: str
    """The letter of its curve; empty for a single run."""
    words: str
    state: ShownState
    progress: str
    cells: dict[str, Cell]
    """By the name of the column in the sweep's results."""
    is_best: bool = False


def point_rows(watch: SweepWatch, unfolded: frozenset[int]) -> list[PointRow]:
    """A row a point; of an unfolded one, a row for each of its runs beneath it.

    Args:
        watch: The sweep.
        unfolded: Numbers of points.
    """
    rows: list[PointRow] = []
    several = len(watch.points) > 1
    for number, (point, cells) in enumerate(zip(watch.points, _cells(outcome(watch.points)), strict=True)):
        sign = line_sign(number) if several else ""
        best = number == watch.best
        words = point_words(point)
        rows.append(PointRow(str(number), number, sign, words, point.shown_state, _reached(point), cells, is_best=best))
        if number in unfolded and len(point.members) > 1:
            rows += _member_rows(point, number)
    return rows


def row_lines(rows: list[PointRow], width: int) -> TableLines:
    """Lay the table out."""
    return table_lines(_COLUMNS, rows, width)


def _member_rows(point: Point, number: int) -> Iterator[PointRow]:
    for seed, (member, cells) in enumerate(zip(point.members, _cells(members_table(point.members)), strict=True)):
        named = {_OF_A_RUN.get(name, name): cell for name, cell in cells.items()}
        words = f"  {seed_words(member)}"
        yield PointRow(f"{number}.{seed}", number, "", words, member.shown_state, _epochs(member), named)


def _cells(table: Table) -> list[dict[str, Cell]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def _reached(point: Point) -> str:
    """Epochs of a single run; how many of several are done."""
    if len(point.members) == 1:
        return _epochs(point.members[0])
    return f"{sum(member.state == 'finished' for member in point.members)}/{len(point.members)} runs"


def _epochs(member: MemberRecord) -> str:
    done = member.record.last.epoch if member.record.last else 0
    return f"{done}/{member.spec.experiment.epochs}"


def _figure(row: PointRow, name: str) -> float | None:
    cell = row.cells.get(name)
    return float(cell) if isinstance(cell, int | float) else None


def _accuracy(row: PointRow, name: str) -> str:
    deviation = _figure(row, f"± {name}")
    value = percent(_figure(row, name))
    return value if deviation is None else f"{value.removesuffix(' %')} ± {percent(deviation)}"


def _state(row: PointRow) -> tuple[str, str]:
    """Its sign, which always has room, and its word."""
    sign, _, word = STATES[row.state][0].partition(" ")
    return sign, word


def _in_epoch(row: PointRow) -> str:
    cell = row.cells.get("in epoch")
    return "" if cell is None else str(cell)


_OF_A_RUN = {"test top-1": "final test top-1", "train top-1": "final train top-1", "test loss": "final test loss"}
"""What the table of runs calls the columns of the table of points."""
_COLUMNS: tuple[Column[PointRow], ...] = (
    Column("", lambda row: row.sign, left=True),
    Column("run", lambda row: row.words, left=True),
    Column("", lambda row: _state(row)[0], left=True),
    Column("state", lambda row: _state(row)[1], left=True, spare=5),
    Column("epoch", lambda row: row.progress, spare=1),
    Column("best test", lambda row: _accuracy(row, "best test top-1")),
    Column("", lambda row: BEST if row.is_best else "", left=True),
    Column("in epoch", _in_epoch, spare=6),
    Column("last test", lambda row: _accuracy(row, "final test top-1"), spare=2),
    Column("last train", lambda row: _accuracy(row, "final train top-1"), spare=3),
    Column("test loss", lambda row: loss(_figure(row, "final test loss")), spare=4),
    Column("time", lambda row: duration(_figure(row, "time")), spare=7),
)
