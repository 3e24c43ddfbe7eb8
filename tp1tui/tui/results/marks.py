"""The marks of examples on a plane: a shape a class, hollow for training, full for test; a cross where one is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tp1tui.spec.results import Grid, GridPoint
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.results.ink import Ink, paint
from tp1tui.tui.results.plane import Plane
from tp1tui.tui.run.lines import Line, Tone

Part = Literal["train", "test"]
ROOM_FOR_ALL, ROOM_FOR_TEST = 3.5, 1.5
"""Cells of the plane an example, from which on all of them are drawn, or those of the test set."""
_ORDER: Mapping[Part, str] = {"test": "test", "train": "training"}
_WRONG = paint(0x10141B, 0xFFE14D)
"""Lighter than any class probability, and of a hue that none has."""


@dataclass(frozen=True)
class MarkSet:
    """The characters of one choice of glyphs; classes use the shapes round and round."""

    train: str
    test: str
    support: str
    wrong_train: str
    wrong_test: str

    def of(self, point: GridPoint) -> str:
        """The mark of one example."""
        if point.wrong:
            return self.wrong_train if point.part == "train" else self.wrong_test
        shapes = self.support if point.support else self.train if point.part == "train" else self.test
        return shapes[point.label % len(shapes)]


_SHAPES = MarkSet("○□△◇", "●■▲◆", "◉▣◬◈", "×", "✗")
_LETTERS = MarkSet("oxvz", "OXVZ", "@%&$", "w", "W")


def mark_set(ink: Ink) -> MarkSet:
    """The marks that a terminal can show."""
    return _LETTERS if ink.glyphs is Glyphs.ASCII else _SHAPES


def wrong_tone(ink: Ink) -> str:
    """How a wrong example stands out from all others."""
    return _WRONG if ink.coloured else Tone.STRONG


def drawn_points(plane: Plane) -> dict[tuple[int, int], GridPoint]:
    """The example that each cell shows, by (column, row): of several the one that says most.

    Right ones are left out where they would hide the plane: first those of the training set, then all.
    """
    found: dict[tuple[int, int], GridPoint] = {}
    parts = shown_parts(plane)
    for point in sorted(plane.grid.points, key=_weight):
        cell = plane.cell(point.x, point.y)
        if cell and (point.wrong or point.support or point.part in parts):
            found[cell] = point
    return found


def shown_parts(plane: Plane) -> frozenset[str]:
    """Of which sets the right examples are drawn."""
    cells, points = plane.columns * plane.rows, plane.grid.points
    if cells >= ROOM_FOR_ALL * len(points):
        return frozenset(("train", "test"))
    in_test = sum(point.part == "test" for point in points)
    return frozenset(("test",) if cells >= ROOM_FOR_TEST * in_test else ())


def legend(grids: Sequence[Grid], parts: frozenset[str], ink: Ink) -> list[Line]:
    """Which mark is what; only of what there is.

    Args:
        grids: With the same classes.
        parts: Of which sets the right examples are drawn.
        ink: What to draw with.
    """
    marks, points = mark_set(ink), [point for grid in grids for point in grid.points]
    order = [part for part in _ORDER if any(point.part == part for point in points)]
    drawn = [part for part in order if part in parts]
    items: list[Line] = []
    for label in sorted({point.label for point in points}) if drawn else ():
        shapes = " ".join(marks.of(GridPoint(0, 0, label, part)) for part in drawn)
        items.append(((f"{shapes} {_named(grids[0], label)}", None), (f": {_words(drawn)}", Tone.DIM)))
    if any(point.support for point in points):
        shapes = " ".join(marks.support[: len(grids[0].class_names)])
        items.append(((f"{shapes} support vector", None),))
    if order:
        crosses = " ".join(marks.of(GridPoint(0, 0, 0, part, wrong=True)) for part in order)
        items.append(((crosses, wrong_tone(ink)), (" wrong", None), (f": {_words(order)}", Tone.DIM)))
    return items


def _words(parts: Sequence[Part]) -> str:
    return ", ".join(_ORDER[part] for part in parts)


def _named(grid: Grid, label: int) -> str:
    return grid.class_names[label] if label < len(grid.class_names) else str(label)


def _weight(point: GridPoint) -> tuple[bool, bool, bool]:
    """What stands over what in one cell."""
    return point.wrong, point.support, point.part == "test"
