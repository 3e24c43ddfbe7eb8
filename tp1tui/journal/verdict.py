"""Whether a run has found what the report found: one rule for the screens and for tables of many runs."""

from __future__ import annotations

from collections.abc import Sequence
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


def compared(value: float, bounds: tuple[float, float]) -> tuple[str, Outcome]:
    """Hold an accuracy against the report's range, both in percent: what to say, and whether it was reproduced."""
    low, high = bounds
    if low <= value <= high:
        return "reproduced", "reproduced"
    if value > high:
        return f"above by {_points(value - high)}", "missed"
    if value < low:
        return f"short by {_points(low - value)}", "missed"
    return "not a number", "missed"


def _points(difference: float) -> str:
    """With the decimals that it takes not to say 0."""
    return f"{difference:.1f}" if difference >= 0.05 else f"{difference:.2g}"
