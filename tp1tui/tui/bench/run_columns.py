"""The list of runs as lines of text that fit a width, and the lines on one run or sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tp1tui.tui.changes import changes_in_words, point_in_words
from tp1tui.tui.columns import Column, TableLines, table_lines
from tp1tui.tui.sweep.group import SweepRow
from tp1tui.tui.text import duration, percent

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary


@dataclass(frozen=True)
class ListRow:
    """One row of the list."""

    entry: RunSummary | SweepRow
    unfolded: bool = False
    """Of a sweep, whether its members stand under it."""
    beneath: bool = False
    """Of a run, whether it stands under its sweep."""


def list_rows(entries: Sequence[RunSummary | SweepRow], unfolded: frozenset[str]) -> list[ListRow]:
    """Runs and sweeps, and the members of those that are unfolded.

    Args:
        entries: Newest first.
        unfolded: Ids of sweeps.
    """
    rows: list[ListRow] = []
    for entry in entries:
        opened = entry.id in unfolded
        rows.append(ListRow(entry, unfolded=opened))
        if isinstance(entry, SweepRow) and opened:
            rows += [ListRow(run, beneath=True) for run in entry.runs]
    return rows


def run_lines(rows: Sequence[ListRow], width: int) -> TableLines:
    """Lay out a list of runs.

    Args:
        rows: In the order to be listed.
        width: Cells there are.
    """
    return table_lines(_COLUMNS, rows, width, least_gap=2)


def about(entry: RunSummary | SweepRow) -> str:
    """What the list has no room for."""
    return _about_sweep(entry) if isinstance(entry, SweepRow) else _about_run(entry)


def problem_of(run: RunSummary) -> str:
    """Why a run cannot be read, its own path left out: the row says which it is."""
    return (run.problem or "").replace(f"{run.path}/", "").replace(str(run.path), "the folder")


def member_name(run: RunSummary) -> str:
    """A member of a sweep in the words of the bench."""
    seed = next((change for change in run.changes if change.startswith("seed = ")), "")
    point = point_in_words(run.member)
    return ", ".join(filter(None, (point, changes_in_words([seed]) if seed else ""))) or "the preset's seed"


def state_of(entry: RunSummary | SweepRow) -> str:
    """A run's or a sweep's state as the list names it."""
    if isinstance(entry, SweepRow):
        return entry.state
    if entry.problem:
        return "unreadable"
    return "not begun" if entry.state == "queued" and not entry.in_line else entry.state


def _about_run(run: RunSummary) -> str:
    """What was changed, the whole name, where it runs and since when, why it failed."""
    where = [part for part in (run.device, f"on {run.host}" if run.host else None) if part]
    if run.pid:
        where.append(f"process {run.pid}")
    if run.started_at:
        began = f"begun {_moment(run.started_at)}"
    else:
        began = "never begun" if run.state == "failed" else "waits in line" if run.in_line else "not begun yet"
    title = f"{run.title}, with {changes_in_words(run.changes)}" if run.changes else run.title
    reason = f"failed: {run.reason}" if run.reason else ""
    return "\n".join(filter(None, [title, run.id, ", ".join([began, *where]), reason]))


def _about_sweep(sweep: SweepRow) -> str:
    """How its members stand, the whole name, where it runs and since when, why members failed."""
    states = [state_of(run) for run in sweep.runs]
    counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    began = f"begun {_moment(sweep.started_at)}" if sweep.started_at else "not begun yet"
    where = [sweep.device] if sweep.device else []
    reasons = dict.fromkeys(f"failed: {run.reason}" for run in sweep.runs if run.reason)
    title = f"{sweep.title}: {len(sweep.runs)} runs, {counts}"
    return "\n".join([title, sweep.id, ", ".join([began, *where]), *reasons])


def _name(row: ListRow) -> str:
    """The preset or the member; of a run that cannot be read, what its folder's name says of it."""
    entry = row.entry
    if isinstance(entry, SweepRow):
        return f"{entry.preset} {'▾' if row.unfolded else '▸'}"
    if row.beneath:
        return f"  {member_name(entry)}"
    _, _, rest = entry.id.partition("_")
    return entry.preset or rest.rpartition("_")[0] or entry.id


def _progress(row: ListRow) -> str:
    entry = row.entry
    if isinstance(entry, SweepRow):
        return f"{entry.done}/{len(entry.runs)} runs"
    return "measure" if entry.kind == "measure" else f"{entry.epoch}/{entry.epochs}"


def _last(row: ListRow) -> str:
    return "" if isinstance(row.entry, SweepRow) else percent(row.entry.last_top1)


def _moment(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%b %H:%M}" if moment else "–"


_COLUMNS: tuple[Column[ListRow], ...] = (
    Column("run of", _name, left=True),
    Column("state", lambda row: state_of(row.entry), left=True),
    Column("epoch", _progress),
    Column("last test", _last, spare=2),
    Column("best test", lambda row: percent(row.entry.best_top1)),
    Column("time", lambda row: duration(row.entry.elapsed or None), spare=1),
    Column("begun", lambda row: _moment(row.entry.started_at), spare=3),
    Column("device", lambda row: row.entry.device or "–", left=True, spare=4),
)
