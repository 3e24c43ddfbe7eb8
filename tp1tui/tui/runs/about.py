"""The lines under the table of runs: what it has no room for on the run or the sweep under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp1tui.spec.numbers import times
from tp1tui.tui.changes import changes_in_words
from tp1tui.tui.runs.columns import moment_in_words, problem_of, state_of
from tp1tui.tui.runs.rows import labels_on
from tp1tui.tui.sweep.group import SweepRow

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary


def about(entry: RunSummary | SweepRow) -> str:
    """What it is, what a person wrote on it, its whole id, where and since when it ran, its best, what went wrong."""
    first, *rest = _sweep_lines(entry) if isinstance(entry, SweepRow) else _run_lines(entry)
    return "\n".join(filter(None, [first, *_label_lines(entry), *rest]))


def _run_lines(run: RunSummary) -> list[str]:
    if run.problem:
        return [problem_of(run), run.id]
    where = [part for part in (run.device, f"on {run.host}" if run.host else None) if part]
    if run.pid:
        where.append(f"process {run.pid}")
    if run.resumes:
        where.append(f"resumed {times(run.resumes)}")
    if run.started_at:
        began = f"begun {moment_in_words(run.started_at)}"
    else:
        began = "never begun" if run.state == "failed" else "waits in line" if run.in_line else "not begun yet"
    title = f"{run.title}, with {changes_in_words(run.changes)}" if run.changes else run.title
    reason = f"failed: {run.reason}" if run.reason else ""
    return [title, run.id, ", ".join([began, *where, *_best(run)]), reason]


def _sweep_lines(sweep: SweepRow) -> list[str]:
    states = [state_of(run) for run in sweep.runs]
    counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    began = f"begun {moment_in_words(sweep.started_at)}" if sweep.started_at else "not begun yet"
    where = [sweep.device] if sweep.device else []
    if resumed := sum(run.resumes > 0 for run in sweep.runs):
        where.append(f"{resumed} of its runs resumed")
    reasons = dict.fromkeys(f"failed: {run.reason}" for run in sweep.runs if run.reason)
    title = f"{sweep.title}: {len(sweep.runs)} runs, {counts}"
    return [title, sweep.id, ", ".join([began, *where, *_best(sweep)]), *reasons]


def _best(entry: RunSummary | SweepRow) -> list[str]:
    return [entry.best.words] if entry.best else []


def _label_lines(entry: RunSummary | SweepRow) -> list[str]:
    labels = labels_on(entry)
    name = f"“{labels.name}”" if labels.name else ""
    tags = " ".join(f"#{tag}" for tag in labels.tags)
    problem = entry.runs[0].label_problem if isinstance(entry, SweepRow) else entry.label_problem
    return [" ".join(filter(None, [name, tags, "pinned" if labels.pinned else ""])), labels.note, problem]
