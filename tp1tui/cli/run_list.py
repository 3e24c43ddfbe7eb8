"""`tp1tui runs`: every run in a line, those of a sweep together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from tp1tui.cli import show
from tp1tui.cli.console import PlainConsole
from tp1tui.cli.errors import WrongUsage
from tp1tui.journal.folder import short_name
from tp1tui.journal.labels import Labels
from tp1tui.journal.listing import RunSummary, list_runs
from tp1tui.journal.run_filter import read_filter
from tp1tui.journal.state import shown_state
from tp1tui.spec.numbers import duration, percent
from tp1tui.tui.columns import Column, laid_out
from tp1tui.tui.paste import command
from tp1tui.tui.runs.columns import member_name
from tp1tui.tui.runs.order import Order, arranged
from tp1tui.tui.sweep.group import SweepRow, grouped
from tp1tui.worker.line_lock import is_served

ROOM_FOR_NAME = 20
"""Cells that a run's name has at the least, as far as it needs them."""
GAP = 2
"""Cells between two columns."""


def show_runs(runs_dir: Path, looked_for: str, *, as_json: bool) -> None:
    """Runs, newest first, what is pinned before all others.

    Args:
        runs_dir: Where they lie.
        looked_for: As `read_filter` takes it; of a sweep, only the runs that pass are listed. Empty for all.
        as_json: For programs.

    Raises:
        WrongUsage: A term says nothing that can be looked for.
    """
    found = read_filter(looked_for, datetime.now().astimezone().date())
    if faults := (*found.faults, *found.unfinished):
        raise WrongUsage(" ".join(faults))
    everything = list_runs(runs_dir)
    summaries = list(filter(found.passes, everything))
    if as_json:
        show.as_json([_for_programs(summary) for summary in summaries])
        return
    if everything and not summaries:
        show.sentence(f"None of {len(everything)} runs is one of those: {looked_for}")
        return
    if not summaries:
        first = command("run", "digits", runs_dir=runs_dir)
        show.sentence(f"There are no runs in {runs_dir.absolute()}. `{first}` starts one that needs no download.")
        return
    show.rich(_table(summaries, PlainConsole().width))
    for run in summaries:
        if run.problem:
            show.error(f"{short_name(run.id)}: {run.problem}")
    if idle := waiting_in_vain(summaries, runs_dir):
        show.error(idle)


def waiting_in_vain(runs: Sequence[RunSummary], runs_dir: Path) -> str | None:
    """What to say when runs wait in line and no process starts them, as after a reboot; None when all is well."""
    waiting = [run for run in runs if run.in_line]
    if not waiting or is_served(runs_dir):
        return None
    many = f"{len(waiting)} runs wait" if len(waiting) > 1 else "1 run waits"
    return f"{many} in line, but no process starts what waits. `{command('line', 'serve', runs_dir=runs_dir)}` goes on."


def _table(summaries: Sequence[RunSummary], width: int) -> Table:
    """Where there is little room, columns go, then names are cut, but not the ids, by which other verbs know a run."""
    rows: list[_Row] = []
    for entry in arranged(grouped(summaries), Order()):
        rows += _sweep_rows(entry) if isinstance(entry, SweepRow) else [_run_row(entry, _name(entry))]
    validates = any(summary.validation_top1 is not None for summary in summaries)
    columns = [column for column in _COLUMNS if validates or column.title not in _OF_VALIDATION]
    widths = [max(map(cell_len, [column.title, *map(column.cell, rows)])) for column in columns]
    name = columns.index(_NAME)
    widths[name] = min(widths[name], ROOM_FOR_NAME)
    table = Table(box=None, pad_edge=False)
    chosen = [columns[at] for at in laid_out(columns, widths, width, GAP).chosen]
    for column in chosen:
        table.add_column(column.title, justify="left" if column.left else "right", no_wrap=column is not _NAME)
    for row in rows:
        table.add_row(*(Text(column.cell(row), no_wrap=True, overflow="ellipsis") for column in chosen))
    return table


@dataclass(frozen=True)
class _Row:
    """What stands in the table of a run or a sweep."""

    id: str
    name: str
    state: str
    epoch: str
    last: str
    best: str
    chosen_on: str
    time: str
    validation: str = ""


_NAME: Column[_Row] = Column("run", lambda row: row.name, left=True)
_COLUMNS: tuple[Column[_Row], ...] = (
    Column("id", lambda row: row.id, left=True),
    _NAME,
    Column("state", lambda row: row.state, left=True),
    Column("epoch", lambda row: row.epoch),
    Column("last test", lambda row: row.last, spare=2),
    Column("best test", lambda row: row.best),
    Column("chosen on", lambda row: row.chosen_on, spare=4),
    Column("time", lambda row: row.time, spare=1),
    Column("validation", lambda row: row.validation, spare=3),
)
_OF_VALIDATION = ("chosen on", "validation")
"""Columns that are of use only where a run holds out a validation set."""


def _sweep_rows(sweep: SweepRow) -> list[_Row]:
    whole = _Row(
        id=_code(sweep.id),
        name=_called(_name(sweep), sweep.runs[0].sweep_labels),
        state=sweep.state,
        epoch=f"{sweep.done}/{len(sweep.runs)} runs",
        last="",
        best=percent(sweep.best_top1),
        chosen_on=sweep.best.chosen_on if sweep.best else "",
        time=duration(sweep.elapsed or None),
    )
    return [whole, *(_run_row(run, f"  {member_name(run, by_seed=sweep.by_seed)}") for run in sweep.runs)]


def _run_row(run: RunSummary, name: str) -> _Row:
    return _Row(
        id=_code(run.id),
        name=_called(name, run.labels),
        state=run.shown_state,
        epoch="measure" if run.kind == "measure" and not run.epochs else f"{run.epoch}/{run.epochs}",
        last=percent(run.last_top1),
        best=percent(run.best_top1),
        chosen_on=run.best.chosen_on if run.best else "",
        time=duration(run.elapsed or None),
        validation="" if run.validation_top1 is None else percent(run.validation_top1),
    )


def _name(entry: RunSummary | SweepRow) -> str:
    """The preset, as the folder is called."""
    return short_name(entry.id).rpartition("_")[0] or entry.id


def _code(run_id: str) -> str:
    """The end of an id, which no other run has; the whole of one that nobody here gave."""
    return short_name(run_id).rpartition("_")[2]


def _called(name: str, labels: Labels) -> str:
    """What it is called, with what a person wrote on it."""
    return " ".join([name, *([f"“{labels.name}”"] if labels.name else []), *(f"#{tag}" for tag in labels.tags)])


def _for_programs(summary: RunSummary) -> dict[str, object]:
    row = asdict(summary) | {"state": shown_state(summary.state, in_line=summary.in_line)}
    row["labels"] = summary.labels.model_dump()
    row["sweep_labels"] = summary.sweep_labels.model_dump()
    row["last_test_top1"] = row.pop("last_top1")
    row["last_validation_top1"] = row.pop("validation_top1")
    best = row.pop("best") or {}
    row |= {f"best_{name}": best.get(name) for name in ("epoch", "test_top1", "validation_top1")}
    row["chosen_on"] = best.get("chosen_on")
    return row
