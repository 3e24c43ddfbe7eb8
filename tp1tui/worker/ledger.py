"""What a checkpoint carries over to the next worker beside the training itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class Ledger(TypedDict):
    """Sums and times of a run; times in seconds."""

    elapsed: float
    """Work on this run so far."""
    epoch_began: float
    """On the clock of `elapsed`."""
    trained: float
    """Of this epoch, training alone."""
    best: float
    """Highest top-1 so far on the validation set, or on the test set where there is none; in percent."""
    confusion: NotRequired[Sequence[Sequence[int]]]
    """Of the latest epoch's test; missing before the first."""


def new_ledger() -> Ledger:
    """Of a run that has not begun."""
    return Ledger(elapsed=0.0, epoch_began=0.0, trained=0.0, best=-1.0)
