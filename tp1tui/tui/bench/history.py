"""What was run already, in the few words that stand under a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tp1tui.journal.best import Best, best_among
from tp1tui.journal.listing import RunSummary
from tp1tui.tui.sweep.group import SweepRow, grouped

STYLES: Mapping[str, str] = {
    "running": "bold $success",
    "paused": "bold $warning",
    "finished": "$success",
    "failed": "$error",
    "interrupted": "$warning",
}
"""Of each state, where it is written; plain for the others. The word tells it without colour."""


@dataclass(frozen=True)
class Mark:
    """What stands under a question."""

    text: str
    style: str


def marks(runs: Sequence[RunSummary]) -> dict[str, Mark]:
    """By preset id: how its newest run stands, and the best of all its runs.

    Args:
        runs: Newest first.
    """
    newest: dict[str, RunSummary | SweepRow] = {}
    bests: dict[str, list[Best | None]] = {}
    for entry in grouped(runs):
        if not entry.preset:
            continue
        newest.setdefault(entry.preset, entry)
        bests.setdefault(entry.preset, []).append(entry.best)
    return {preset: _mark(entry, best_among(bests[preset])) for preset, entry in newest.items()}


def overview(runs: Sequence[RunSummary]) -> str:
    """How far the sweeps are that go on, how many runs there are, and what goes on: `3 runs, 1 running, 1 queued`.

    What matters most comes first: where there is little room, the rest is left out.
    """
    if not runs:
        return "no runs yet"
    counts = {
        "running": sum(run.state == "running" for run in runs),
        "paused": sum(run.state == "paused" for run in runs),
        "queued": sum(run.in_line for run in runs),
    }
    count = f"{len(runs)} run{'s' if len(runs) > 1 else ''}"
    return ", ".join(
        [*_sweeps_that_go_on(runs), count, *(f"{number} {state}" for state, number in counts.items() if number)]
    )


def _sweeps_that_go_on(runs: Sequence[RunSummary]) -> list[str]:
    """One phrase of all, since a bar has no room for more; none where none does."""
    sweeps = [
        entry
        for entry in grouped(runs)
        if isinstance(entry, SweepRow) and entry.state in ("running", "paused", "queued")
    ]
    if not sweeps:
        return []
    name = "sweep" if len(sweeps) == 1 else f"{len(sweeps)} sweeps"
    return [f"{name} {sum(sweep.done for sweep in sweeps)}/{sum(len(sweep.runs) for sweep in sweeps)} done"]


def _mark(entry: RunSummary | SweepRow, best: Best | None) -> Mark:
    if isinstance(entry, SweepRow):
        state = f"{entry.state}, {entry.done}/{len(entry.runs)} runs"
    elif entry.state in ("running", "paused"):
        state = f"{entry.state}, epoch {entry.epoch}/{entry.epochs}"
    else:
        state = entry.shown_state
    return Mark(f"{state}, {best.brief}" if best else state, STYLES.get(entry.state, ""))
