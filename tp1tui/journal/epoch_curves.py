"""How a figure went from epoch to epoch: of one run, or the mean of several that differ in the seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isnan
from typing import Literal

from tp1tui.journal.events import Epoch
from tp1tui.journal.record import RunRecord
from tp1tui.journal.spread import deviation, mean
from tp1tui.spec.results import Line

CurveFigure = Literal[
    "train_loss",
    "train_top1",
    "train_top5",
    "test_loss",
    "test_top1",
    "test_top5",
    "validation_loss",
    "validation_top1",
    "validation_top5",
    "lr",
    "images_per_s",
]
Over = Literal["epoch", "step", "second", "wall"]
"""What lies along the x axis: epochs, steps, seconds of work (pauses and interruptions excluded), or seconds on the
clock since the run began (included)."""


def curve(name: str, records: Sequence[RunRecord], figure: CurveFigure, over: Over) -> Line:
    """How a figure went: the mean over the runs that have reached an epoch, and their deviation.

    Over seconds, an epoch takes as long as it took on average, so that the line goes to the right even where runs
    differ in speed and one of them has come further.

    Args:
        name: Of the line.
        records: Of one run, or of several that differ in nothing but the seed.
        figure: Which, as in an `Epoch` event.
        over: What lies along the x axis.

    Returns:
        A line whose spread is None where there is one run only, and 0 where only one of several has come that far. A
        figure that was not measured, such as validation where nothing is held out, gives no point.
    """
    by_epoch: dict[int, list[Epoch]] = {}
    for record in records:
        for epoch in record.epochs:
            if getattr(epoch, figure) is not None:
                by_epoch.setdefault(epoch.epoch, []).append(epoch)
    reached = [by_epoch[number] for number in sorted(by_epoch)]
    values = [[getattr(epoch, figure) for epoch in epochs] for epochs in reached]
    return Line(
        name=name,
        x=tuple(_places(records, reached, over)),
        y=tuple(sum(at) / len(at) for at in values),
        spread=tuple(deviation(at) or 0.0 for at in values) if len(records) > 1 else None,
    )


def best_of(line: Line, *, highest: bool) -> tuple[float, float] | None:
    """The first (x, y) of a line that has its highest value, or its lowest; None where it has no number."""
    places = [(x, y) for x, y in zip(line.x, line.y, strict=True) if not isnan(y)]
    return (max if highest else min)(places, key=lambda place: place[1], default=None)


def _places(records: Sequence[RunRecord], reached: list[list[Epoch]], over: Over) -> Iterator[float]:
    match over:
        case "epoch":
            yield from (epochs[0].epoch for epochs in reached)
        case "step":
            yield from (epochs[0].step for epochs in reached)
        case "second":
            yield from _seconds(records, reached, lambda record, epoch: epoch.elapsed)
        case "wall":
            yield from _seconds(records, reached, wall_seconds)


def wall_seconds(record: RunRecord, epoch: Epoch) -> float:
    """Seconds on the clock from a run's beginning to an epoch's end, pauses and interruptions included."""
    first = record.epochs[0]
    began = record.started.time if record.started else first.time - first.elapsed
    return max(0.0, epoch.time - began)


def _seconds(
    records: Sequence[RunRecord], reached: list[list[Epoch]], clock: Callable[[RunRecord, Epoch], float]
) -> Iterator[float]:
    """When each epoch was over, on average; each begins where the one before has ended."""
    ends = [{epoch.epoch: clock(record, epoch) for epoch in record.epochs} for record in records]
    if len(ends) == 1:
        yield from (ends[0][epochs[0].epoch] for epochs in reached)
        return
    now, before = 0.0, None
    for epochs in reached:
        number = epochs[0].epoch
        if before is None:
            now = mean([end[number] for end in ends if number in end]) or 0.0
        else:
            took = [end[number] - end[before] for end in ends if number in end and before in end]
            now += max(0.0, mean(took) or 0.0)
        yield now
        before = number
