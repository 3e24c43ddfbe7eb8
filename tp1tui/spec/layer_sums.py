"""The layer table with every figure's sum written out (questions cd10, cd11)."""

from __future__ import annotations

from itertools import zip_longest

from tp1tui.spec.arithmetic import LayerRow, shape_text, total_multiply_adds, total_parameters
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.layers import AvgPool, BatchNorm, Conv, Layer, Linear, MaxPool
from tp1tui.spec.results import Cell, Column, Result, Table, Text


def layer_sums(experiment: Experiment) -> tuple[Result, ...]:
    """Output size and weights of each layer, and the total beside the number of training examples."""
    rows = experiment.layer_table()
    lines: list[tuple[Cell, ...]] = [
        (
            *(row.name, row.kind, shape_text(row.output), _size_sum(layer, row)),
            *(row.parameters, _weight_sum(layer, row), row.share, row.multiply_adds),
        )
        for layer, row in zip_longest(experiment.layers, rows)  # a transformer has rows alone
    ]
    total = total_parameters(rows)
    lines.append(("total", "", "", "", total, "", 100.0 if total else 0.0, total_multiply_adds(rows)))
    names = ("layer", "kind", "output", "size computed as", "weights", "weights computed as")
    columns = (*(Column(name=name) for name in names), Column(name="share", unit="%"), Column(name="multiply-adds"))
    note = f"For an input of {shape_text(experiment.input_shape)}. Each + 1 is a bias."
    table = Table(name="layers", note=note, columns=columns, rows=tuple(lines))
    return table, Text(name="weights and examples", text=_comparison(experiment, rows))


def _size_sum(layer: Layer | None, row: LayerRow) -> str:
    """The formula of the width, and of the height where that differs, with its numbers."""
    if not isinstance(layer, Conv | MaxPool | AvgPool):
        return ""
    stride = layer.stride or layer.kernel
    rounded = "ceil" if not isinstance(layer, Conv) and layer.ceil else "floor"
    sides = row.input[1:2] if row.input[1] == row.input[2] else row.input[1:]
    return ", ".join(f"{rounded}(({side} + 2·{layer.padding} - {layer.kernel}) / {stride}) + 1" for side in sides)


def _weight_sum(layer: Layer | None, row: LayerRow) -> str:
    match layer:
        case Conv():
            return f"{layer.filters} · ({layer.kernel}·{layer.kernel}·{row.input[0]}{' + 1' if layer.bias else ''})"
        case Linear():
            return f"{layer.features} · ({row.input[0]}{' + 1' if layer.bias else ''})"
        case BatchNorm():
            return f"2 · {row.input[0]}"
        case None:
            return _of_transformer(row)
    return ""


def _of_transformer(row: LayerRow) -> str:
    """The weights of a transformer's row, whose sizes end with the features of a token."""
    match row.kind:
        case "patches":
            return f"{row.output[-1]} · ({row.kernel}·{row.kernel}·{row.input[0]} + 1)"
        case "linear":
            return f"{row.output[-1]} · ({row.input[-1]} + 1)"
        case "layernorm":
            return f"2 · {row.output[-1]}"
        case "learned":
            return " · ".join(map(str, row.output))
    return ""


def _comparison(experiment: Experiment, rows: tuple[LayerRow, ...]) -> str:
    total, examples = total_parameters(rows), experiment.sizes[0]
    largest = max(rows, key=lambda row: row.parameters)
    learnt = [f"{row.parameters:,}" for row in rows if row.parameters]
    return "\n".join(
        (
            f"{' + '.join(learnt) or '0'} = {total:,} weights",
            f"{examples:,} training examples: {total / examples:,.1f} weights for each of them",
            f"{largest.name} alone holds {largest.share:.1f} % of all weights.",
        )
    )
