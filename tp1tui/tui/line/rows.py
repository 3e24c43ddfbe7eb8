"""The line as rows: what goes on on each device, what waits for it, and about when that will start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tp1tui.journal.folder import short_name
from tp1tui.spec.numbers import duration
from tp1tui.tui.changes import changes_in_words, point_in_words
from tp1tui.tui.columns import Column, TableLines, table_lines

if TYPE_CHECKING:
    from tp1tui.journal.estimate import Pace
    from tp1tui.journal.summary import RunSummary
    from tp1tui.worker.line import DeviceLine, Standing


@dataclass(frozen=True)
class LineRow:
    """A run that goes on or waits."""

    run: RunSummary
    device: str
    """cpu, cuda:N, or `any GPU`."""
    number: int
    """Its place among those that wait for the device, from 1; 0 when it goes on."""
    starts_in: float | None
    """Seconds; 0 when it goes on, None when nothing tells."""
    takes: float | None
    """Seconds from its start, or from now on, to its end; None when nothing tells."""


def line_rows(line: Sequence[DeviceLine], known: Sequence[Pace], *, served: bool) -> list[LineRow]:
    """Every run that goes on or waits, those of one device together.

    Args:
        line: As it is now.
        known: How fast earlier runs went, newest first.
        served: Whether anybody starts what waits; else nothing tells when it will start.
    """
    from tp1tui.journal.line_estimate import Turn, seconds_left, seconds_needed, starts

    left = {one.run.id: seconds_left(one.run, one.experiment, known) for device in line for one in device.going}
    free_in = {
        slot: _last([left[one.run.id] for one in device.going])
        for device in line
        for slot in device.slots
        if len(device.slots) == 1
    }
    waiting = sorted(((one, device) for device in line for one in device.waiting), key=lambda pair: _order(pair[0]))
    needed = [seconds_needed(one.experiment, one.ticket.device if one.ticket else "auto", known) for one, _ in waiting]
    turns = [Turn(device.slots, seconds) for (_, device), seconds in zip(waiting, needed, strict=True)]
    begin = starts(turns, free_in if served else {})
    timed = {one.run.id: pair for (one, _), pair in zip(waiting, zip(begin, needed, strict=True), strict=True)}
    rows: list[LineRow] = []
    for device in line:
        rows += [LineRow(one.run, device.device, 0, 0.0, left[one.run.id]) for one in device.going]
        rows += [
            LineRow(one.run, device.device, number, *timed[one.run.id])
            for number, one in enumerate(device.waiting, start=1)
        ]
    return rows


def row_lines(rows: Sequence[LineRow], width: int, now: datetime) -> TableLines:
    """Lay the rows out.

    Args:
        rows: As `line_rows` gives them.
        width: Cells there are.
        now: In local time.
    """
    columns = (
        Column[LineRow]("", _number),
        Column[LineRow]("run of", lambda row: name_of(row.run), left=True),
        *time_columns(now),
        Column[LineRow]("changes", lambda row: _changes(row.run), left=True, spare=3),
    )
    return table_lines(columns, rows, width, least_gap=2)


def time_columns(now: datetime) -> tuple[Column[LineRow], ...]:
    """How far each is, and when it starts; `now` is in local time."""
    return (
        Column("state", _state, left=True),
        Column("epoch", _epoch),
        Column("starts in", lambda row: duration(row.starts_in) if row.number else ""),
        Column("at", lambda row: _clock(row, now), spare=2),
        Column("takes", _takes, spare=1),
    )


def name_of(run: RunSummary) -> str:
    """A run in few words: its preset; of a sweep's member also which it is."""
    return f"{run.preset}, {point_in_words(run.member)}" if run.member else run.preset or run.id


def named(run: RunSummary) -> str:
    """A run as no other is called: by the name that a person gave it, else by its id without the time."""
    return f"“{run.labels.name}”" if run.labels.name else short_name(run.id)


def _last(seconds: Sequence[float | None]) -> float | None:
    """When all are done; None when of one nothing tells."""
    known = [one for one in seconds if one is not None]
    return max(known, default=0.0) if len(known) == len(seconds) else None


def _order(one: Standing) -> tuple[int, str]:
    return (one.ticket.place if one.ticket else 0, one.run.id)


def _number(row: LineRow) -> str:
    return str(row.number or "")


def _state(row: LineRow) -> str:
    return row.run.state if not row.number else "next" if row.number == 1 else "waits"


def _epoch(row: LineRow) -> str:
    return "measure" if row.run.kind == "measure" and not row.run.epochs else f"{row.run.epoch}/{row.run.epochs}"


def _takes(row: LineRow) -> str:
    return f"{duration(row.takes)}{'' if row.number or row.takes is None else ' left'}"


def _clock(row: LineRow, now: datetime) -> str:
    """When it starts, as a clock shows it; with the day where that is not today."""
    if not row.number or row.starts_in is None:
        return ""
    moment = now + timedelta(seconds=row.starts_in)
    day = "" if moment.date() == now.date() else f"{moment.day} {moment:%b} "
    return f"{day}{moment:%H:%M}"


def _changes(run: RunSummary) -> str:
    return "" if run.member else changes_in_words(run.changes)
