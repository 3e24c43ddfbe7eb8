"""Whether a run has found what the report found: one rule for the screens and for tables of many runs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from typing import Literal

from tp1tui.journal.events import Epoch

Figure = Literal["train_top1", "test_top1"]
Outcome = Literal["open", "reproduced", "missed"]
OPEN = "not there yet"


def judged(epochs: Sequence[Epoch], after: int, *, is_over: bool) -> Epoch | None:
    """The epoch that is held against the report.

    Args:
        epochs: Those that are done, epoch 0 included.
        after: After how many epochs the report measured.
        is_over: Whether no more epochs will come; then the last one counts where the report's was not reached. Epoch 0
            is no training and counts only where the report means it.

    Returns:
        None while there is nothing to judge.
    """
    reached = next((epoch for epoch in epochs if epoch.epoch == after), None)
    return reached or (epochs[-1] if is_over and epochs and epochs[-1].epoch > 0 else None)


def compared(
    value: float, bounds: tuple[float, float], named: tuple[float, float] | None = None
) -> tuple[str, Outcome]:
    """Hold an accuracy against a range, all in percent: what to say, and whether it was reproduced.

    Args:
        value: What was reached.
        bounds: The range.
        named: The figures from which the difference is told, where they are not the range's ends.
    """
    low, high = bounds
    if low <= value <= high:
        return "reproduced", "reproduced"
    least, most = named or bounds
    if value > high:
        return f"above by {_points(value, most)}", "missed"
    if value < low:
        return f"short by {_points(value, least)}", "missed"
    return "not a number", "missed"


def _points(value: float, figure: float) -> str:
    """How far an accuracy as it is shown lies from a figure; where that says 0, how far the accuracy itself does."""
    if not isfinite(value):
        return f"{abs(value - figure):.1f}"
    difference = abs(round(Decimal(repr(value)), 1) - Decimal(repr(figure)))
    if not difference:
        return f"{abs(value - figure):.2g}"
    return max(f"{difference:.1f}", f"{difference.normalize():f}", key=len)
