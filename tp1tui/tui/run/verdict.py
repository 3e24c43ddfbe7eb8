"""What the report found, beside what this run has reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tp1tui.journal.events import Epoch
from tp1tui.journal.verdict import OPEN, Figure, Outcome, compared, judged
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.numbers import epoch_count, span


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
    asked = f"report {span(*bounds)}" + (f" after {epoch_count(at)}" if at != total else "")
    epoch = judged(epochs, at, is_over=is_over)
    if epoch is None:
        return Verdict(asked, OPEN, "open")
    answer, outcome = compared(getattr(epoch, figure), bounds)
    if epoch.epoch != at:
        answer += f" after {epoch_count(epoch.epoch)}"
    return Verdict(asked, answer, outcome)
