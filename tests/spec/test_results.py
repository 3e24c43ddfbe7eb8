"""Results whose parts do not fit each other are refused."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from tp1tui.spec.results import Column, Grid, GridPoint, Table

PLACES: dict[str, Any] = {"across_values": (0, 1, 2), "down_values": (1, 0)}
NAMES: dict[str, Any] = {"class_names": ("disc", "ring")}
POINTS: dict[str, Any] = {"points": [[1, 0.5, 0, "test"]]}


def grid(**more: Any) -> Grid:
    return Grid.model_validate(
        {"name": "g", "down": {"name": "y"}, "across": {"name": "x"}, "values": [[0, 0.5, 1]] * 2, **more}
    )


def test_points_travel_as_arrays() -> None:
    there = grid(content="probabilities", **PLACES, **NAMES, **POINTS)
    assert there.points == (GridPoint(1, 0.5, 0, "test", wrong=False, support=False),)
    assert '"points":[[1.0,0.5,0,"test",false,false]]' in there.model_dump_json()
    assert Grid.model_validate_json(there.model_dump_json()) == there


def test_cells_that_are_no_finite_numbers_stay_numbers() -> None:
    table = Table(name="t", columns=(Column(name="a"), Column(name="b")), rows=((math.inf, "Infinite"), (-math.inf, 1)))
    assert Table.model_validate_json(table.model_dump_json()).rows == table.rows


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"across_values": (0, 1)}, "more or fewer places"),
        ({"down_values": (0, 1, 2)}, "more or fewer places"),
        (POINTS, "no places"),
        ({"content": "probabilities", **NAMES}, "lacks class names or places"),
        ({"content": "probabilities", **PLACES}, "lacks class names or places"),
    ],
)
def test_a_grid_that_does_not_agree_with_itself_is_refused(more: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        grid(**more)
