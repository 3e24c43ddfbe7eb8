"""The decision boundary of a network for points of the plane, as a result."""

from __future__ import annotations

import torch

from tp1tui.data.resident import ResidentSet
from tp1tui.engine.aside import logits_aside
from tp1tui.engine.training import Training
from tp1tui.spec.live import BOUNDARY
from tp1tui.spec.results import Axis, Grid, GridPoint

REACH, STEPS_A_UNIT = 2, 10
"""The subject's square: [-2, 2] x [-2, 2] in steps of 0.1."""
DIGITS = 3
"""Decimals of a journaled probability or place."""


class Boundary:
    """Knows where to ask the network, so that each time it is asked once."""

    def __init__(self, training: Training) -> None:
        """Lay out the plane and the examples, once.

        Args:
            training: On points of the plane in two classes.
        """
        self._training = training
        places = [number / STEPS_A_UNIT for number in range(-REACH * STEPS_A_UNIT, REACH * STEPS_A_UNIT + 1)]
        self._places = tuple(places)
        plane = torch.tensor([(x, y) for y in reversed(places) for x in places], device=training.device)
        data = training.data
        together = torch.cat((plane, data.train.inputs, data.test.inputs))
        nowhere = torch.zeros(len(together), dtype=torch.int64, device=training.device)
        self._inputs, _ = data.measuring_batch(ResidentSet(together, nowhere), 0, len(together))
        self._points = [*_points(data.train, "train"), *_points(data.test, "test")]

    def result(self, when: str) -> Grid:
        """The boundary as it is now.

        Args:
            when: After which epoch, in words.
        """
        probabilities: list[float] = logits_aside(self._training, self._inputs).softmax(1)[:, 1].tolist()
        side = len(self._places)
        plane, found = probabilities[: side**2], probabilities[side**2 :]
        points = tuple(
            point._replace(wrong=(p > 0.5) != (point.label == 1)) for p, point in zip(found, self._points, strict=True)
        )
        names = self._training.experiment.facts.class_names
        return Grid(
            name=BOUNDARY,
            note=f"{when}: {_wrong(points, 'test')} test and {_wrong(points, 'train')} training points are wrong.",
            content="probabilities",
            down=Axis(name="x2"),
            across=Axis(name="x1"),
            down_values=self._places[::-1],
            across_values=self._places,
            class_names=names,
            values=tuple(
                tuple(round(p, DIGITS) for p in plane[start : start + side]) for start in range(0, side**2, side)
            ),
            points=points,
        )


def has_boundary(training: Training) -> bool:
    """Whether the examples are points of the plane, in two classes."""
    classes = len(training.experiment.facts.class_names)
    return tuple(training.data.train.inputs.shape[1:]) == (2,) and classes == 2


def _points(examples: ResidentSet, part: str) -> list[GridPoint]:
    places, labels = examples.inputs.tolist(), examples.labels.tolist()
    return [
        GridPoint(round(x, DIGITS), round(y, DIGITS), label, "train" if part == "train" else "test")
        for (x, y), label in zip(places, labels, strict=True)
    ]


def _wrong(points: tuple[GridPoint, ...], part: str) -> str:
    held = [point.wrong for point in points if point.part == part]
    return f"{sum(held)} of {len(held)}"
