"""The order of the table of runs: by any of its columns, what is pinned before all others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from tp1tui.tui.runs.columns import COLUMNS, RunColumn
from tp1tui.tui.runs.rows import labels_on, runs_of
from tp1tui.tui.sweep.group import SweepRow

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary

Entry = TypeVar("Entry", "RunSummary", "RunSummary | SweepRow")


@dataclass(frozen=True)
class Order:
    """By which column, and which way."""

    title: str = ""
    """Of the column; empty for the order in which runs were asked for."""
    turned: bool = False
    """Whether it is the opposite of the column's own order: of most figures that is the highest first, of words A to Z;
    without a column it is the newest first."""

    @property
    def column(self) -> RunColumn | None:
        """The column."""
        return next((column for column in COLUMNS if column.title == self.title), None)

    @property
    def falls(self) -> bool:
        """Whether values get smaller from top to bottom."""
        return (self.column is None or self.column.falls) != self.turned

    def turn(self) -> Order:
        """The opposite one."""
        return replace(self, turned=not self.turned)

    def next_of(self, titles: Sequence[str]) -> Order:
        """The own order of the column after this one; after the last, the order in which runs were asked for."""
        circle = ["", *titles]
        at = circle.index(self.title) if self.title in circle else 0
        return Order(circle[(at + 1) % len(circle)])


def arranged(entries: Sequence[Entry], order: Order) -> list[Entry]:
    """Runs and sweeps in order; those without a value in the column come last, whichever way it goes.

    Args:
        entries: Newest first, which stays the order of those that are equal.
        order: By which column.
    """
    column = order.column
    if column is None:
        found = list(reversed(entries)) if order.turned else list(entries)
    else:
        value: Callable[[Entry], object] = column.value
        known = [entry for entry in entries if value(entry) is not None]
        found = sorted(known, key=value, reverse=order.falls)  # type: ignore[arg-type]
        found += [entry for entry in entries if value(entry) is None]
    return sorted(found, key=lambda entry: not is_pinned(entry))


def is_pinned(entry: RunSummary | SweepRow) -> bool:
    """Whether the run, the sweep or any of its members is."""
    return labels_on(entry).pinned or any(run.labels.pinned for run in runs_of(entry))
