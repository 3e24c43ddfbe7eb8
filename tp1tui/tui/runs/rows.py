"""Which rows the table of runs has, and which runs each of them stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tp1tui.tui.sweep.group import SweepRow

if TYPE_CHECKING:
    from tp1tui.journal.labels import Labels
    from tp1tui.journal.listing import RunSummary


@dataclass(frozen=True)
class ListRow:
    """One row of the table."""

    entry: RunSummary | SweepRow
    unfolded: bool = False
    """Of a sweep, whether its members stand under it."""
    beneath: bool = False
    """Of a run, whether it stands under its sweep."""
    by_seed: bool = False
    """Whether the members of that sweep differ in the seed."""


def list_rows(
    entries: Sequence[RunSummary | SweepRow],
    unfolded: Set[str],
    arranged: Callable[[Sequence[RunSummary]], Sequence[RunSummary]],
) -> list[ListRow]:
    """Runs and sweeps, and the members of those that are unfolded.

    Args:
        entries: In the order to be listed.
        unfolded: Ids of sweeps.
        arranged: Which of a sweep's members are listed, and in which order.
    """
    rows: list[ListRow] = []
    for entry in entries:
        opened = entry.id in unfolded
        rows.append(ListRow(entry, unfolded=opened))
        if isinstance(entry, SweepRow) and opened:
            rows += [ListRow(run, beneath=True, by_seed=entry.by_seed) for run in arranged(entry.runs)]
    return rows


def passing(
    entries: Sequence[RunSummary | SweepRow], passes: Callable[[RunSummary], bool]
) -> list[RunSummary | SweepRow]:
    """Of runs and sweeps, those to be listed: of sweeps, those of which any run passes."""
    return [entry for entry in entries if any(map(passes, runs_of(entry)))]


def runs_of(entry: RunSummary | SweepRow) -> tuple[RunSummary, ...]:
    """The run, or the members of the sweep."""
    return entry.runs if isinstance(entry, SweepRow) else (entry,)


def labels_on(entry: RunSummary | SweepRow) -> Labels:
    """What a person wrote on the run, or on the sweep itself."""
    return entry.runs[0].sweep_labels if isinstance(entry, SweepRow) else entry.labels
