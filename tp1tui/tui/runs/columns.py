"""The columns of the table of runs: what stands in each, and by what it is sorted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from rich.cells import cell_len, set_cell_size

from tp1tui.journal.folder import short_name
from tp1tui.spec.numbers import duration, percent
from tp1tui.tui.changes import changes_in_words, point_in_words, point_values
from tp1tui.tui.columns import Column
from tp1tui.tui.runs.rows import ListRow, labels_on
from tp1tui.tui.sweep.group import SweepRow

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary

    Entry: TypeAlias = RunSummary | SweepRow

LONGEST = {"run": 40, "tags": 24, "changes": 56, "note": 40}
"""Cells of a column's text at most; longer ones end in an ellipsis. The line under the table has all of it."""


@dataclass(frozen=True)
class RunColumn(Column[ListRow]):
    """One column, which the table can be sorted by."""

    value: Callable[[Entry], Any] = lambda entry: entry.id
    """What it is sorted by; None where there is none."""
    falls: bool = False
    """Whether its own order is the highest first."""
    optional: bool = False
    """Whether it is left out where it has nothing to tell of any run."""


def member_name(run: RunSummary, *, by_seed: bool, longest: int | None = None) -> str:
    """A member of a sweep by what tells it from the others, in the words of the bench.

    Args:
        run: The member.
        by_seed: Whether the sweep's members differ in the seed.
        longest: Cells that there are; where the names of the fields are too long for them, the values stand alone.
    """
    seed = f"seed {run.seed}" if by_seed and run.seed is not None else ""
    name = ", ".join(filter(None, (point_in_words(run.member), seed))) or short_name(run.id)
    if longest is None or cell_len(name) <= longest:
        return name
    return ", ".join(filter(None, (point_values(run.member), seed)))


def state_of(entry: Entry) -> str:
    """A run's or a sweep's state as the table names it."""
    return entry.state if isinstance(entry, SweepRow) else entry.shown_state


def problem_of(run: RunSummary) -> str:
    """Why a run cannot be read, its own path left out: the row says which it is."""
    return (run.problem or "").replace(f"{run.path}/", "").replace(str(run.path), "the folder")


def moment_in_words(moment: datetime | None) -> str:
    """The 23rd of November at a quarter past ten as `23 Nov 10:15`."""
    return f"{moment.day} {moment:%b %H:%M}" if moment else "–"


def preset_of(entry: Entry) -> str:
    """The preset; of a run that cannot be read, what its folder's name says of it."""
    return entry.preset or entry.id.partition("_")[2].rpartition("_")[0] or entry.id


def called(entry: Entry) -> str:
    """What the person calls it, else the preset."""
    return labels_on(entry).name or preset_of(entry)


def _name(row: ListRow) -> str:
    entry = row.entry
    if isinstance(entry, SweepRow):
        fold = "▾" if row.unfolded else "▸"
        return f"{_clipped(called(entry), LONGEST['run'] - 2)} {fold}"
    if row.beneath:
        return f"  {_clipped(entry.labels.name or _member(row, entry), LONGEST['run'] - 2)}"
    return _clipped(called(entry), LONGEST["run"])


def _member(row: ListRow, run: RunSummary) -> str:
    return member_name(run, by_seed=row.by_seed, longest=LONGEST["run"] - 2)


def _preset(row: ListRow) -> str:
    """The preset where a name stands in its place."""
    return "" if row.beneath or not labels_on(row.entry).name else preset_of(row.entry)


def _changes(row: ListRow) -> str:
    entry = row.entry
    if isinstance(entry, SweepRow):
        return ""
    return "" if row.beneath else _clipped(changes_in_words(entry.changes), LONGEST["changes"])


def _progress(row: ListRow) -> str:
    entry = row.entry
    if isinstance(entry, SweepRow):
        return f"{entry.done}/{len(entry.runs)} runs"
    if entry.problem:
        return ""
    return "measure" if entry.kind == "measure" else f"{entry.epoch}/{entry.epochs}"


def _progress_value(entry: Entry) -> float | None:
    if isinstance(entry, SweepRow):
        return entry.done / len(entry.runs)
    return entry.epoch / entry.epochs if entry.epochs else None


def _last(entry: Entry) -> float | None:
    return None if isinstance(entry, SweepRow) else entry.last_top1


def _state_value(entry: Entry) -> int:
    return _STATES.index(state_of(entry))


def _dataset(entry: Entry) -> str:
    return entry.runs[0].dataset if isinstance(entry, SweepRow) else entry.dataset


def _clipped(text: str, longest: int) -> str:
    return text if cell_len(text) <= longest else f"{set_cell_size(text, longest - 1)}…"


_STATES = ("running", "paused", "queued", "interrupted", "failed", "unreadable", "stopped", "unstarted", "finished")
"""In the order in which one wants to see them."""
COLUMNS: tuple[RunColumn, ...] = (
    RunColumn("run", _name, left=True, value=lambda entry: called(entry).casefold()),
    RunColumn("state", lambda row: state_of(row.entry), left=True, value=_state_value),
    RunColumn("epoch", _progress, value=_progress_value, falls=True),
    RunColumn("last test", lambda row: percent(_last(row.entry)), spare=3, value=_last, falls=True, optional=True),
    RunColumn(
        "best test",
        lambda row: percent(row.entry.best_top1),
        value=lambda entry: entry.best_top1,
        falls=True,
    ),
    RunColumn(
        "chosen on",
        lambda row: row.entry.best.chosen_on if row.entry.best else "",
        left=True,
        spare=10,
        value=lambda entry: entry.best.chosen_on if entry.best else None,
        optional=True,
    ),
    RunColumn(
        "time", lambda row: duration(row.entry.elapsed or None), spare=2, value=lambda entry: entry.elapsed, falls=True
    ),
    RunColumn(
        "tags",
        lambda row: _clipped(" ".join(labels_on(row.entry).tags), LONGEST["tags"]),
        left=True,
        spare=1,
        value=lambda entry: labels_on(entry).tags or None,
        optional=True,
    ),
    RunColumn(
        "begun",
        lambda row: moment_in_words(row.entry.started_at),
        spare=4,
        value=lambda entry: entry.started_at,
        falls=True,
    ),
    RunColumn(
        "changes",
        _changes,
        left=True,
        spare=5,
        value=lambda entry: None if isinstance(entry, SweepRow) else changes_in_words(entry.changes) or None,
        optional=True,
    ),
    RunColumn("preset", _preset, left=True, spare=6, value=preset_of, optional=True),
    RunColumn(
        "device",
        lambda row: row.entry.device or "–",
        left=True,
        spare=7,
        value=lambda entry: entry.device,
    ),
    RunColumn("dataset", lambda row: _dataset(row.entry), left=True, spare=8, value=_dataset, optional=True),
    RunColumn(
        "note",
        lambda row: _clipped(labels_on(row.entry).note, LONGEST["note"]),
        left=True,
        spare=9,
        value=lambda entry: labels_on(entry).note.casefold() or None,
        optional=True,
    ),
)
