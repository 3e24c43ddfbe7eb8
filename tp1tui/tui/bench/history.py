"""What was run already, in the few words that stand under a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tp1tui.journal.listing import RunSummary
from tp1tui.tui.text import percent

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
    """By preset id: how its newest run stands, and the best test top-1 of all its runs.

    Args:
        runs: Newest first.
    """
    newest: dict[str, RunSummary] = {}
    best: dict[str, float] = {}
    for run in runs:
        if not run.preset:
            continue
        newest.setdefault(run.preset, run)
        if run.best_top1 is not None:
            best[run.preset] = max(run.best_top1, best.get(run.preset, 0.0))
    return {preset: _mark(run, best.get(preset)) for preset, run in newest.items()}


def overview(runs: Sequence[RunSummary]) -> str:
    """How many runs there are, and what goes on: `3 runs, 1 running`."""
    if not runs:
        return "no runs yet"
    count = f"{len(runs)} run{'s' if len(runs) > 1 else ''}"
    going = [
        f"{number} {state}" for state in ("running", "paused") if (number := sum(run.state == state for run in runs))
    ]
    return ", ".join([count, *going])


def _mark(run: RunSummary, best: float | None) -> Mark:
    state = f"{run.state}, epoch {run.epoch}/{run.epochs}" if run.state in ("running", "paused") else run.state
    return Mark(f"{state}, best {percent(best)}" if best is not None else state, STYLES.get(run.state, ""))
