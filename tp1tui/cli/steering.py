"""`tp1tui runs`, `pause`, `resume`, `stop` and `export`: what can be done with a run that is there."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tp1tui.cli import show
from tp1tui.cli.errors import CannotDo
from tp1tui.journal.commands import Command, Pause, Resume, Stop, send
from tp1tui.journal.export import export as export_run
from tp1tui.journal.folder import RunFolder, short_name
from tp1tui.journal.follow import Follower
from tp1tui.journal.listing import RunSummary, find_run, list_runs
from tp1tui.journal.state import RunState
from tp1tui.tui.text import duration, percent
from tp1tui.worker import launcher

LOOK_EVERY = 0.1
"""Seconds between two looks at the journal."""
OVER: tuple[RunState, ...] = ("finished", "stopped", "failed", "interrupted")
PATIENCE = 30.0
"""Seconds to wait for a worker's answer; it answers between two batches, and an evaluation may come between."""


def show_runs(runs_dir: Path, *, as_json: bool) -> None:
    """Every run, newest first."""
    summaries = list_runs(runs_dir)
    if as_json:
        show.as_json([_for_programs(summary) for summary in summaries])
        return
    if not summaries:
        show.sentence(
            f"There are no runs in {runs_dir.absolute()}. `tp1tui run digits` starts one that needs no download."
        )
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("run", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for heading in ("epoch", "test top-1", "best", "time"):
        table.add_column(heading, justify="right", no_wrap=True)
    for run in summaries:
        table.add_row(
            Text(short_name(run.id)),
            Text("unreadable" if run.problem else run.state),
            f"{run.epoch}/{run.epochs}",
            percent(run.last_top1),
            percent(run.best_top1),
            duration(run.elapsed),
        )
    show.rich(table)
    for run in summaries:
        if run.problem:
            show.error(f"{short_name(run.id)}: {run.problem}")


def pause(name: str, runs_dir: Path) -> None:
    """Ask a run to stand still, and wait until it does.

    Raises:
        CannotDo: It does not run.
    """
    folder = find_run(name, runs_dir)
    _need(folder, ("running",), "paused")
    _ask(folder, Pause(), ("paused",))


def resume(name: str, runs_dir: Path, device: str | None) -> None:
    """Let a run go on.

    Raises:
        CannotDo: It is going on already, or has reached its end.
    """
    folder = find_run(name, runs_dir)
    state = _state(folder)
    if state == "paused":
        _ask(folder, Resume(), ("running", "finished"))
        return
    _need(folder, ("queued", "interrupted", "stopped", "failed"), "resumed")
    launcher.resume(folder, device)
    show.sentence(f"{folder.id} is taken up again. `tp1tui watch {folder.id}` opens it.")


def stop(name: str, runs_dir: Path) -> None:
    """End a run, and wait until it has.

    Raises:
        CannotDo: It does not run.
    """
    folder = find_run(name, runs_dir)
    _need(folder, ("running", "paused"), "stopped")
    _ask(folder, Stop(), ("stopped", "finished"))


def export(name: str, runs_dir: Path, to: Path | None) -> None:
    """Write a run as CSV and say where, and what of its journal could not be read."""
    folder = find_run(name, runs_dir)
    for path in export_run(folder, to):
        show.line(str(path))
    follower = Follower(folder)
    follower.poll()
    follower.state()
    for trouble in follower.troubles:
        show.error(trouble)


def _for_programs(summary: RunSummary) -> dict[str, object]:
    row = asdict(summary)
    row["last_test_top1"] = row.pop("last_top1")
    row["best_test_top1"] = row.pop("best_top1")
    return row


def _state(folder: RunFolder) -> RunState:
    follower = Follower(folder)
    follower.poll()
    return follower.state()


def _need(folder: RunFolder, allowed: tuple[RunState, ...], done: str) -> None:
    state = _state(folder)
    if state not in allowed:
        raise CannotDo(f"{folder.id} is {state}; only one that is {_either(allowed)} can be {done}.")


def _either(states: tuple[RunState, ...]) -> str:
    return f"{', '.join(states[:-1])} or {states[-1]}" if len(states) > 1 else states[0]


def _ask(folder: RunFolder, command: Command, wanted: tuple[RunState, ...]) -> None:
    """Send a command and wait until the journal shows that it was obeyed.

    Raises:
        CannotDo: The worker has gone, or has not answered in time.
    """
    send(folder, command)
    follower = Follower(folder)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        follower.poll()
        state = follower.state()
        if state in wanted:
            show.line(f"{folder.id} is {state}, at step {follower.record.step}.")
            return
        if state in OVER:
            raise CannotDo(f"{folder.id} is {state} already.")
        time.sleep(LOOK_EVERY)
    raise CannotDo(f"{folder.id} was asked, but has not answered for {PATIENCE:.0f} s. `tp1tui runs` shows its state.")
