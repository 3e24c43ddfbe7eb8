"""The list of runs as lines of text that fit a width, and the lines on one run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tp1tui.journal.listing import RunSummary
from tp1tui.tui.changes import changes_in_words
from tp1tui.tui.columns import Column, TableLines, table_lines
from tp1tui.tui.text import duration, percent


def run_lines(runs: Sequence[RunSummary], width: int) -> TableLines:
    """Lay out a list of runs.

    Args:
        runs: In the order to be listed.
        width: Cells there are.
    """
    return table_lines(_COLUMNS, runs, width, least_gap=2)


def about_run(run: RunSummary) -> str:
    """What the list has no room for: what was changed, the whole name, where it runs and since when, why it failed."""
    where = [part for part in (run.device, f"on {run.host}" if run.host else None) if part]
    if run.pid:
        where.append(f"process {run.pid}")
    if run.started_at:
        began = f"begun {_moment(run.started_at)}"
    else:
        began = "never begun" if run.state == "failed" else "not begun yet"
    title = f"{run.title}, with {changes_in_words(run.changes)}" if run.changes else run.title
    reason = f"failed: {run.reason}" if run.reason else ""
    return "\n".join(filter(None, [title, run.id, ", ".join([began, *where]), reason]))


def problem_of(run: RunSummary) -> str:
    """Why a run cannot be read, its own path left out: the row says which it is."""
    return (run.problem or "").replace(f"{run.path}/", "").replace(str(run.path), "the folder")


def _name(run: RunSummary) -> str:
    """The preset; of a run that cannot be read, what its folder's name says of it."""
    _, _, rest = run.id.partition("_")
    return run.preset or rest.rpartition("_")[0] or run.id


def _moment(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%b %H:%M}" if moment else "–"


_COLUMNS: tuple[Column[RunSummary], ...] = (
    Column("run of", _name, left=True),
    Column("state", lambda run: "unreadable" if run.problem else run.state, left=True),
    Column("epoch", lambda run: f"{run.epoch}/{run.epochs}"),
    Column("last test", lambda run: percent(run.last_top1), spare=2),
    Column("best test", lambda run: percent(run.best_top1)),
    Column("time", lambda run: duration(run.elapsed or None), spare=1),
    Column("begun", lambda run: _moment(run.started_at), spare=3),
    Column("device", lambda run: run.device or "–", left=True, spare=4),
)
