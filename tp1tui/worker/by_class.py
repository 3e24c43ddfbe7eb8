"""Which classes a trained network knows and which it takes for each other, as results (questions cd23 and cd24)."""

from __future__ import annotations

from collections.abc import Sequence

from tp1tui.spec.results import Axis, Cell, Column, Grid, Table


def class_results(confusion: Sequence[Sequence[int]], names: Sequence[str]) -> tuple[Grid, Table]:
    """The confusion matrix, and what follows from it for each class.

    Args:
        confusion: How many test examples of each class (row) were given each answer (column).
        names: Of the classes.
    """
    labels = tuple(names)
    grid = Grid(
        name="confusion",
        note="How many test examples of the class on the left got the answer above; right answers are on the diagonal.",
        down=Axis(name="class"),
        across=Axis(name="answer"),
        down_labels=labels,
        across_labels=labels,
        values=tuple(tuple(float(count) for count in row) for row in confusion),
        unit="examples",
    )
    table = Table(
        name="by class",
        note="Top-1 of each class on the test set, and the class that its other examples were most often taken for.",
        columns=(
            Column(name="class"),
            Column(name="examples"),
            Column(name="top-1", unit="%"),
            Column(name="most often taken for"),
            Column(name="so often", unit="%"),
        ),
        rows=tuple(_row(number, row, labels) for number, row in enumerate(confusion)),
    )
    return grid, table


def _row(number: int, counts: Sequence[int], names: Sequence[str]) -> tuple[Cell, ...]:
    total = sum(counts)
    if not total:
        return names[number], 0, None, None, None
    wrong = max((other for other in range(len(counts)) if other != number), key=lambda other: counts[other])
    top1 = 100 * counts[number] / total
    if not counts[wrong]:
        return names[number], total, top1, None, None
    return names[number], total, top1, names[wrong], 100 * counts[wrong] / total
