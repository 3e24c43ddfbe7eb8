"""How a figure went from epoch to epoch: of one run, or the mean of several that differ in the seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def place_of(record: RunRecord, epoch: Epoch, over: Over) -> float:
    """Where the end of one of a run's epochs stands along the x axis."""
    match over:
        case "epoch":
            return epoch.epoch
        case "step":
            return epoch.step
        case "second":
            return epoch.elapsed
    first = record.epochs[0]
    began = record.started.time if record.started else first.time - first.elapsed
    return max(0.0, epoch.time - began)


def _places(records: Sequence[RunRecord], reached: list[list[Epoch]], over: Over) -> Iterator[float]:
    """Where each epoch stands: of several runs on average, each epoch beginning where the one before has ended."""
    ends = [{epoch.epoch: place_of(record, epoch, over) for epoch in record.epochs} for record in records]
    now, before = 0.0, None
    for epochs in reached:
        number = epochs[0].epoch
        there = [end for end in ends if number in end]
        if before is None or len(ends) == 1:
            now = mean([end[number] for end in there]) or 0.0
        else:
            now += max(0.0, mean([end[number] - end[before] for end in there if before in end]) or 0.0)
        yield now
        before = number
