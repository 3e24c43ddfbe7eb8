"""What a run has measured, to hold one against another."""

from __future__ import annotations

from tp1tui.journal.record import RunRecord


def figures(record: RunRecord) -> tuple[object, ...]:
    """All that a run has measured, without the times it took."""
    epochs = [epoch.model_dump(exclude={"time", "images_per_s", "seconds", "elapsed"}) for epoch in record.epochs]
    return epochs, list(record.losses), list(record.batch_top1)
