"""The runs of a folder with the members of each sweep together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tp1tui.journal.best import Best
    from tp1tui.journal.state import RunState
    from tp1tui.journal.summary import RunSummary


@dataclass(frozen=True)
class SweepRow:
    """A sweep, as the list of runs shows it."""

    id: str
    runs: tuple[RunSummary, ...]
    """Its members, in the sweep's order."""

    @property
    def path(self) -> Path:
        """The sweep's folder, beside those of its members."""
        return self.runs[0].path.with_name(self.id)

    @property
    def preset(self) -> str:
        """Its preset's id."""
        return self.runs[0].preset

    @property
    def title(self) -> str:
        """A few words."""
        return self.runs[0].title

    @cached_property
    def state(self) -> RunState:
        """What it is doing, all in all."""
        from tp1tui.journal.sweep_record import state_of

        return state_of(self.runs)

    @cached_property
    def by_seed(self) -> bool:
        """Whether its members differ in the seed."""
        return len({run.seed for run in self.runs}) > 1

    @property
    def done(self) -> int:
        """Members that are finished."""
        return sum(run.state == "finished" for run in self.runs)

    @cached_property
    def best(self) -> Best | None:
        """Of all members; None before anything was measured."""
        from tp1tui.journal.best import best_among

        return best_among(run.best for run in self.runs)

    @property
    def best_top1(self) -> float | None:
        """On the test set in the best epoch of the best member, in percent."""
        return self.best.test_top1 if self.best else None

    @property
    def elapsed(self) -> float:
        """Seconds of work on all members together."""
        return sum(run.elapsed for run in self.runs)

    @property
    def started_at(self) -> datetime | None:
        """When the first member was begun."""
        return min((run.started_at for run in self.runs if run.started_at), default=None)

    @property
    def device(self) -> str | None:
        """Where the members are trained, each device once."""
        return ", ".join(dict.fromkeys(run.device for run in self.runs if run.device)) or None


def grouped(runs: Sequence[RunSummary]) -> list[RunSummary | SweepRow]:
    """Runs and sweeps, a sweep where its newest member stands.

    Args:
        runs: Newest first.
    """
    members: dict[str, list[RunSummary]] = {}
    for run in runs:
        if run.sweep:
            members.setdefault(run.sweep, []).append(run)
    entries: list[RunSummary | SweepRow] = []
    for run in runs:
        if not run.sweep:
            entries.append(run)
        elif run.sweep in members:
            entries.append(SweepRow(run.sweep, tuple(sorted(members.pop(run.sweep), key=lambda run: run.id))))
    return entries
