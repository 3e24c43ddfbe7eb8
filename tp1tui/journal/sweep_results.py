"""What a sweep finds: a row a point, a row a run, a heat table of two fields.

Where a point has several seeds, figures are means over its runs, and deviations are standard deviations (n - 1). A run
that has measured nothing adds nothing to them; one that diverged adds what it measured, NaN included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import JsonValue

from tp1tui.journal.best import best_on
from tp1tui.journal.comparison import FIGURES, figures
from tp1tui.journal.events import Chosen
from tp1tui.journal.folder import short_name
from tp1tui.journal.spread import deviation, mean
from tp1tui.journal.sweep_record import MemberRecord, Point, points
from tp1tui.spec.results import Axis, Cell, Column, Grid, Table
from tp1tui.spec.toml_text import value_text

HeatFigure = Literal["final_test_top1", "best_test_top1"]
_Measure = Callable[[MemberRecord], float | None]


def outcome(found: Sequence[Point]) -> Table:
    """A row a point: its values or its name, its best and last figures, seconds up to its last epoch, its state.

    The note names the best point; `best_row` tells which row it is.
    """
    several = any(len(point.members) > 1 for point in found)
    best = best_row(found)
    on = chosen_on(found)
    note = "" if best is None or len(found) < 2 else f"{best_on(on).capitalize()}: {found[best].name}."
    if several:
        note = f"{note} Mean over seeds, ± standard deviation.".strip()
    return Table(
        name="outcome",
        note=note,
        columns=(*_point_columns(found), *_figure_columns(several)),
        rows=tuple((*_point_cells(point.name, point.values), *_figures(point, several)) for point in found),
    )


def best_row(found: Sequence[Point]) -> int | None:
    """Which point has the highest best top-1, the first of equals; None before anything was measured.

    On the validation set where every run holds one out, else on the test set (`chosen_on`).
    """
    measure = _best_test_top1 if chosen_on(found) == "test" else _best_validation_top1
    reached = [(number, _mean_of(point, measure)) for number, point in enumerate(found)]
    measured = [(number, value) for number, value in reached if value is not None and not math.isnan(value)]
    return max(measured, key=lambda pair: pair[1])[0] if measured else None


def chosen_on(found: Sequence[Point]) -> Chosen:
    """Which set the best point is chosen on."""
    measured = [member.record for point in found for member in point.members if member.record.epochs]
    on_validation = measured and all(record.chosen_on == "validation" for record in measured)
    return "validation" if on_validation else "test"


def members_table(members: Sequence[MemberRecord]) -> Table:
    """A row a run."""
    columns = (Column(name="run"), *_point_columns(points(members)), Column(name="seed"), *FIGURES)
    return Table(name="members", columns=columns, rows=tuple(_member_row(member) for member in members))


def heat(found: Sequence[Point], figure: HeatFigure) -> Grid | None:
    """Accuracy over two varied fields, the first from row to row; None when not two fields were varied."""
    if not found or any(len(point.values) != 2 for point in found):
        return None
    down, across = found[0].values
    rows = _distinct(value_text(point.values[down]) for point in found)
    columns = _distinct(value_text(point.values[across]) for point in found)
    measure = _best_test_top1 if figure == "best_test_top1" else _final_test_top1
    cells = {(value_text(p.values[down]), value_text(p.values[across])): _mean_of(p, measure) for p in found}
    return Grid(
        name="best test top-1" if figure == "best_test_top1" else "final test top-1",
        note=f"The best epochs are chosen on {chosen_on(found)}." if figure == "best_test_top1" else "",
        down=Axis(name=down),
        across=Axis(name=across),
        down_labels=rows,
        across_labels=columns,
        values=tuple(tuple(cells.get((row, column)) for column in columns) for row in rows),
        unit="%",
    )


def _point_columns(found: Sequence[Point]) -> tuple[Column, ...]:
    if found and found[0].values:
        return tuple(Column(name=path) for path in found[0].values)
    return (Column(name="variant"),) if any(point.name for point in found) else ()


def _point_cells(name: str, values: Mapping[str, JsonValue]) -> tuple[Cell, ...]:
    if values:
        return tuple(v if isinstance(v, bool | int | float | str) else value_text(v) for v in values.values())
    return (name,) if name else ()


def _figure_columns(several: bool) -> Iterator[Column]:  # noqa: FBT001 - the table's own question, asked once
    def with_deviation(name: str, unit: str = "") -> Iterator[Column]:
        yield Column(name=name, unit=unit)
        if several:
            yield Column(name=f"± {name}", unit=unit)

    if several:
        yield Column(name="seeds")
    yield from with_deviation("best test top-1", "%")
    yield Column(name="in epoch")
    yield Column(name="chosen on")
    yield from with_deviation("final test top-1", "%")
    yield from with_deviation("final test loss")
    yield from with_deviation("final train top-1", "%")
    yield Column(name="time", unit="s")
    yield Column(name="state")


def _figures(point: Point, several: bool) -> Iterator[Cell]:  # noqa: FBT001
    def with_deviation(measure: _Measure) -> Iterator[Cell]:
        values = _values(point, measure)
        yield mean(values)
        if several:
            yield deviation(values)

    if several:
        yield len(point.members)
    yield from with_deviation(_best_test_top1)
    yield _best_epochs(point)
    yield chosen_on((point,)) if any(member.record.best for member in point.members) else None
    yield from with_deviation(_final_test_top1)
    yield from with_deviation(lambda member: member.record.last.test_loss if member.record.last else None)
    yield from with_deviation(lambda member: member.record.last.train_top1 if member.record.last else None)
    yield _mean_of(point, lambda member: member.record.last.elapsed if member.record.last else None)
    yield point.shown_state


def _member_row(member: MemberRecord) -> tuple[Cell, ...]:
    run = member.run
    return (short_name(run.run), *_point_cells(run.member, run.values), run.seed, *figures(member))


def _best_epochs(point: Point) -> Cell:
    """In which epoch the best was; from the earliest to the latest where seeds differ."""
    epochs = sorted(member.record.best.epoch for member in point.members if member.record.best)
    if not epochs:
        return None
    return epochs[0] if epochs[0] == epochs[-1] else f"{epochs[0]}–{epochs[-1]}"


def _values(point: Point, measure: _Measure) -> list[float]:
    found = (measure(member) for member in point.members)
    return [value for value in found if value is not None]


def _mean_of(point: Point, measure: _Measure) -> float | None:
    return mean(_values(point, measure))


def _best_test_top1(member: MemberRecord) -> float | None:
    return member.record.best.test_top1 if member.record.best else None


def _best_validation_top1(member: MemberRecord) -> float | None:
    return member.record.best.validation_top1 if member.record.best else None


def _final_test_top1(member: MemberRecord) -> float | None:
    return member.record.last.test_top1 if member.record.last else None


def _distinct(texts: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
