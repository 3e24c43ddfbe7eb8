"""Decision boundaries without a network, for tests of what they look like."""

from __future__ import annotations

import math
import random
from typing import Literal

from tp1tui.spec.results import Axis, Grid, GridPoint

PLACES = tuple(round(-2 + number / 10, 1) for number in range(41))


def some_boundary(
    name: str = "decision boundary", *, points: int = 400, steepness: float = 6.0, group: str = ""
) -> Grid:
    """A disc within a ring, and a network that takes a circle of radius 0.7 for the boundary.

    Args:
        name: Of the result.
        points: How many, half of them for training; some are support vectors.
        group: Of grids that belong together.
    """
    draw = random.Random(0)
    return Grid(
        name=name,
        group=group,
        content="probabilities",
        down=Axis(name="x2"),
        across=Axis(name="x1"),
        down_values=PLACES[::-1],
        across_values=PLACES,
        class_names=("disc", "ring"),
        values=tuple(tuple(_ring(x, y) for x in PLACES) for y in reversed(PLACES)),
        points=tuple(_point(draw, number) for number in range(points)),
    )


def _ring(x: float, y: float) -> float:
    return round(1 / (1 + math.exp(-6 * (math.hypot(x, y) - 0.7))), 3)


def _point(draw: random.Random, number: int) -> GridPoint:
    label = number % 2
    radius, angle = draw.gauss((0.39, 1.03)[label], (0.16, 0.22)[label]), draw.uniform(0, 2 * math.pi)
    part: Literal["train", "test"] = "train" if number % 4 < 2 else "test"
    support = part == "train" and 0.6 < radius < 0.8
    wrong = (radius > 0.7) != bool(label)
    return GridPoint(radius * math.cos(angle), radius * math.sin(angle), label, part, wrong, support)
