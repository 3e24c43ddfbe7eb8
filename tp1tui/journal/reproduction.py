"""Reproduced or not: what the report found, what the runs of a sweep found, and the difference, in one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tp1tui.journal.events import Epoch, Started
from tp1tui.journal.spread import deviation, mean
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_record import MemberRecord, Point
from tp1tui.journal.verdict import OPEN, Figure, compared, judged
from tp1tui.spec.numbers import percent, signed
from tp1tui.spec.results import Cell, Column, Table

OVER: tuple[RunState, ...] = ("finished", "stopped", "failed", "interrupted")
NAME = "reproduced or not"
NOTE = "Ours is the mean over seeds, ± standard deviation; the difference is to the middle of the report's range."
_VERSIONS = ("python", "torch", "tp1tui")


@dataclass(frozen=True)
class Held:
    """One figure of the report and ours, both top-1 in percent."""

    bounds: tuple[float, float]
    """The report's."""
    ours: float | None
    """The mean over seeds; None while nothing can be judged."""
    deviation: float | None
    """Over seeds; None of fewer than two."""
    verdict: str

    @property
    def difference(self) -> float | None:
        """Ours less the middle of the report's range, in points."""
        return None if self.ours is None else self.ours - sum(self.bounds) / 2


@dataclass(frozen=True)
class Reproduction:
    """One experiment of the report."""

    question: str
    """Its preset's id."""
    after: int
    """Epochs, in the report."""
    at: int | None
    """The epoch of ours; the lowest where seeds differ."""
    judged: int
    """Runs that are in it."""
    runs: int
    train: Held | None
    """None where the report has no such figure."""
    test: Held | None
    where: str
    """Date, device and versions, as the journals tell."""


def reproductions(points: Iterable[Point]) -> list[Reproduction]:
    """Hold every point of a sweep against the figures of the report that its runs carry."""
    return [_of(point) for point in points]


def table(found: Sequence[Reproduction]) -> Table:
    """A row an experiment, a cell a figure: for CSV."""
    columns = (
        *(Column(name="question"), Column(name="report train", unit="%"), Column(name="report test", unit="%")),
        *(Column(name="after epochs"), Column(name="our train", unit="%"), Column(name="± train", unit="%")),
        *(Column(name="our test", unit="%"), Column(name="± test", unit="%"), Column(name="at epoch")),
        *(Column(name="seeds"), Column(name="train: difference"), Column(name="test: difference")),
        *(Column(name="train: verdict"), Column(name="test: verdict"), Column(name="trained")),
    )
    return Table(name=NAME, note=NOTE, columns=columns, rows=tuple(_cells(row) for row in found))


def page(found: Sequence[Reproduction]) -> Table:
    """The same for people, narrower: train and test in one cell, in percent."""
    names = (
        "question",
        "report: train, test",
        "after",
        "ours: train, test",
        "at epoch",
        "seeds",
        "difference",
        "verdict",
    )
    return Table(
        name=NAME,
        note=NOTE,
        columns=tuple(Column(name=name) for name in names),
        rows=tuple(_in_words(row) for row in found),
    )


def trained(found: Sequence[Reproduction]) -> list[str]:
    """Where and when, each once, as sentences."""
    return [f"Trained {where}." for where in dict.fromkeys(row.where for row in found if row.where)]


def markdown(found: Sequence[Reproduction]) -> str:
    """The page as Markdown, with where it was measured below."""
    shown = page(found)
    head = [column.name for column in shown.columns]
    lines = [_row(head), _row(["---"] * len(head)), *(_row(map(str, row)) for row in shown.rows)]
    return "\n".join([*lines, "", NOTE, *trained(found), ""])


def _of(point: Point) -> Reproduction:
    report, experiment = point.members[0].spec.report, point.members[0].spec.experiment
    after = experiment.epochs if report.epoch is None else report.epoch
    candidates = (judged(m.record.epochs, after, is_over=m.state in OVER) for m in point.members)
    epochs = [epoch for epoch in candidates if epoch is not None]
    return Reproduction(
        question=point.name,
        after=after,
        at=min((epoch.epoch for epoch in epochs), default=None),
        judged=len(epochs),
        runs=len(point.members),
        train=_held("train_top1", report.train_top1, epochs, after),
        test=_held("test_top1", report.test_top1, epochs, after),
        where="; ".join(dict.fromkeys(_where(point.members))),
    )


def _held(figure: Figure, bounds: tuple[float, float] | None, epochs: Sequence[Epoch], after: int) -> Held | None:
    if bounds is None:
        return None
    values = [getattr(epoch, figure) for epoch in epochs]
    ours = mean(values)
    if ours is None:
        return Held(bounds, None, None, OPEN)
    words, _ = compared(ours, bounds)
    least = min(epoch.epoch for epoch in epochs)
    return Held(
        bounds, ours, deviation(values), words if least == after else f"{words} after {least} of {after} epochs"
    )


def _where(members: Iterable[MemberRecord]) -> Iterator[str]:
    for member in members:
        started: Started | None = member.record.started
        if started:
            date = datetime.fromtimestamp(started.time).astimezone().date()
            device = member.record.device or started.device
            versions = ", ".join(f"{name} {started.versions[name]}" for name in _VERSIONS if name in started.versions)
            yield f"{date} on {device} ({started.device_name}) with {versions}"


def _cells(row: Reproduction) -> tuple[Cell, ...]:
    train, test = row.train, row.test
    return (
        *(row.question, _range(train.bounds) if train else None, _range(test.bounds) if test else None, row.after),
        *(train.ours if train else None, train.deviation if train else None),
        *(test.ours if test else None, test.deviation if test else None, row.at, _seeds(row)),
        *(train.difference if train else None, test.difference if test else None),
        *(train.verdict if train else None, test.verdict if test else None, row.where or None),
    )


def _in_words(row: Reproduction) -> tuple[str, ...]:
    held = [figure for figure in (row.train, row.test) if figure]
    return (
        row.question,
        ", ".join(f"{_range(figure.bounds)} %" if figure else "–" for figure in (row.train, row.test)),
        f"{row.after} epoch{'s' if row.after != 1 else ''}",
        ", ".join(_ours(figure) for figure in (row.train, row.test)),
        str(row.at) if row.at is not None else "–",
        _seeds(row),
        ", ".join(signed(figure.difference, 1) for figure in held),
        ", ".join(_named(row)),
    )


def _seeds(row: Reproduction) -> str:
    return str(row.runs) if row.judged == row.runs else f"{row.judged} of {row.runs}"


def _named(row: Reproduction) -> Iterator[str]:
    for name, figure in (("train", row.train), ("test", row.test)):
        if figure:
            yield f"{name} {figure.verdict}"


def _ours(figure: Held | None) -> str:
    if figure is None or figure.ours is None:
        return "–"
    return percent(figure.ours) + (f" ± {figure.deviation:.1f}" if figure.deviation is not None else "")


def _range(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
