"""What cross-entropy and squared error say to a network by how sure it is of the true class (questions ab08, ab09)."""

from __future__ import annotations

from math import exp, log
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tp1tui.spec.measure_part import MeasurePart
from tp1tui.spec.results import Axis, Cell, Column, Line, Result, Series, Table, Text

PROBABILITIES = tuple(step / 200 for step in range(201))
"""Of the true class, on the plot of gradients."""
LEADS = tuple(step / 10 for step in range(-80, 81))
"""Of the true class's score over the others', on the plot of losses."""
PLACES = (1e-6, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999)
"""Probabilities of the table."""
NAMES = ("cross-entropy", "squared error")

_WORDS = """
p is the probability that softmax gives to the true class; the other K - 1
classes share the rest evenly.

                loss               gradient by the true class's score
cross-entropy   - log p            p - 1
squared error   (1 - p)² / (K - 1) - 2 p (1 - p)² / (K - 1)

Where the network errs with confidence, p is near 0. There the gradient of
cross-entropy is near -1, as strong as it can be. That of squared error has
the slope of softmax in it, p (1 - p), and vanishes just where most is to be
learnt.

Cross-entropy is for probabilities of classes: its logarithm undoes the
exponential of softmax, and prediction less target is left. Squared error is
for values of a scale, such as a price or an angle, without softmax: there its
gradient is prediction less target, too, up to a factor.
""".strip()


class LossShapes(MeasurePart):
    """Cross-entropy and squared error behind softmax, and their gradients, over the true class's probability (ab09)."""

    instant: ClassVar[bool] = True

    kind: Literal["loss-shapes"] = "loss-shapes"
    classes: Annotated[int, Field(ge=2, le=1000)] = 2
    """K."""


def loss_shapes(measure: LossShapes) -> tuple[Result, ...]:
    """The formulas, both gradients and both losses as curves, and both in figures."""
    classes = measure.classes
    led = tuple(1 / (1 + (classes - 1) * exp(-lead)) for lead in LEADS)
    return (
        Text(name="which loss for what", text=_WORDS),
        Series(
            name="gradient by the true class's score",
            note="A step goes against it, so the further below 0, the harder the score is pushed up.",
            x=Axis(name="probability of the true class"),
            y=Axis(name="gradient"),
            lines=(
                Line(name=NAMES[0], x=PROBABILITIES, y=tuple(map(cross_entropy_gradient, PROBABILITIES))),
                Line(
                    name=NAMES[1],
                    x=PROBABILITIES,
                    y=tuple(squared_error_gradient(p, classes) for p in PROBABILITIES),
                ),
            ),
        ),
        Series(
            name="loss over the lead of the true score",
            note="How far the true class's score is above the others'. To the left, where it is far below them, "
            "cross-entropy is a straight slope, squared error level: no step leads down from there.",
            x=Axis(name="lead"),
            y=Axis(name="loss"),
            lines=(
                Line(name=NAMES[0], x=LEADS, y=tuple(map(cross_entropy, led))),
                Line(name=NAMES[1], x=LEADS, y=tuple(squared_error(p, classes) for p in led)),
            ),
        ),
        _table(classes),
    )


def cross_entropy(p: float) -> float:
    """-log p of one example, in nats; p above 0."""
    return -log(p)


def cross_entropy_gradient(p: float) -> float:
    """By the true class's score: what the network says less what is true."""
    return p - 1


def squared_error(p: float, classes: int) -> float:
    """Mean over the classes of (probability - target)², where the wrong classes share 1 - p evenly."""
    return (1 - p) ** 2 / (classes - 1)


def squared_error_gradient(p: float, classes: int) -> float:
    """By the true class's score, through softmax."""
    return -2 * p * (1 - p) ** 2 / (classes - 1)


def _table(classes: int) -> Table:
    columns = (
        Column(name="probability"),
        *(Column(name=name) for name in NAMES),
        *(Column(name=f"{name}: gradient") for name in NAMES),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *(p, cross_entropy(p), squared_error(p, classes)),
            *(cross_entropy_gradient(p), squared_error_gradient(p, classes)),
        )
        for p in PLACES
    )
    return Table(name="in figures", note="Losses of one example and their gradients.", columns=columns, rows=rows)
