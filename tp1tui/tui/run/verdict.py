"""What the report found, beside what this run has reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tp1tui.journal.events import Epoch
from tp1tui.spec.frozen import RunSpec
from tp1tui.tui.text import span

Figure = Literal["train_top1", "test_top1"]
Outcome = Literal["open", "reproduced", "missed"]


@dataclass(frozen=True)
class Verdict:
    """One figure of the report, and how this run stands to it."""

    asked: str
    """The report's range, and after how many epochs when those are not this run's."""
    answer: str
    outcome: Outcome


def verdict(spec: RunSpec, epochs: Sequence[Epoch], figure: Figure, *, is_over: bool) -> Verdict | None:
    """Compare a run with the report.

    Args:
        spec: What the run was asked to do, and the report's figures.
        epochs: Those that are done, epoch 0 included.
        figure: Which accuracy.
        is_over: Whether no more epochs will come.

    Returns:
        None when the report has no such figure.
    """
    bounds: tuple[float, float] | None = getattr(spec.report, figure)
    if bounds is None:
        return None
    total = spec.experiment.epochs
    at = spec.report.epoch if spec.report.epoch is not None else total
    asked = f"report {span(*bounds)}" + (f" after {at} epochs" if at != total else "")
    measured = next((epoch for epoch in epochs if epoch.epoch == at), None)
    if measured is None and not (is_over and epochs):
        return Verdict(asked, "not there yet", "open")
    epoch = measured or epochs[-1]
    answer, outcome = _compared(getattr(epoch, figure), bounds)
    if measured is None:
        answer += f" after {epoch.epoch} epochs"
    return Verdict(asked, answer, outcome)


def _compared(value: float, bounds: tuple[float, float]) -> tuple[str, Outcome]:
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
