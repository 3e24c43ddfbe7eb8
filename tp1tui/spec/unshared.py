"""Convolutions that share no weights: every position has filters of its own (question cd05)."""

from __future__ import annotations

from math import prod

from tp1tui.spec.arithmetic import LayerRow, Shape, layer_table, shape_text
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.layers import Conv, Layer, MaxPool
from tp1tui.spec.results import Cell, Column, Result, Table, Text

DEEPFACE_INPUT: Shape = (3, 152, 152)
DEEPFACE: tuple[Layer, ...] = (
    Conv(name="c1", filters=32, kernel=11),
    MaxPool(name="m2", kernel=3, stride=2, ceil=True),
    Conv(name="c3", filters=16, kernel=9),
    Conv(name="l4", filters=16, kernel=9),
    Conv(name="l5", filters=16, kernel=7, stride=2),
    Conv(name="l6", filters=16, kernel=5),
)
"""The convolutions of DeepFace (Taigman et al., 2014); those whose names begin with l share no weights there."""

_FORMULA = """
shared:   filters · (k·k·z + 1)
unshared: output width · output height · filters · (k·k·z + 1)

The multiply-adds are the same: every output is computed once either way. What grows is what must be learnt and
stored, and a filter learns from its own place of each image only. That can pay where places differ in meaning and all
images are aligned, as faces are: an eye is always above a mouth. And it fixes the input's size, as a dense layer does.
""".strip()


def unshared_convolution(experiment: Experiment) -> tuple[Result, ...]:
    """Weights of the network's convolutions, and of DeepFace's, shared and unshared."""
    own = layer_table(experiment.layers, experiment.input_shape)
    return (
        Text(name="weights of an unshared convolution", text=_FORMULA),
        _table("this network", experiment.layers, own),
        _table("DeepFace", DEEPFACE, layer_table(DEEPFACE, DEEPFACE_INPUT)),
    )


def unshared_weights(row: LayerRow) -> int:
    """Weights of a convolution's layer if each of its positions had filters and biases of its own."""
    return row.parameters * prod(row.output[1:])


def _table(title: str, layers: tuple[Layer, ...], table: tuple[LayerRow, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            *(row.name, layer.kernel, shape_text(row.input), shape_text(row.output)),
            *(row.parameters, unshared_weights(row), prod(row.output[1:])),
        )
        for layer, row in zip(layers, table, strict=True)
        if isinstance(layer, Conv)
    ]
    names = ("layer", "kernel", "input", "output", "shared weights", "unshared weights", "times as many")
    note = "Of its convolutions l4, l5 and l6 are unshared, c1 and c3 shared." if title == "DeepFace" else ""
    columns = tuple(Column(name=name) for name in names)
    return Table(name=f"convolutions of {title}", note=note, columns=columns, rows=tuple(rows))
