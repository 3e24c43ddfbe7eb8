"""Images larger than a network was planned for: which layers take them, and what comes out (questions cd04 to cd06)."""

from __future__ import annotations

from tp1tui.spec import vgg16
from tp1tui.spec.arithmetic import LayerRow, Shape, layer_table, shape_text, total_multiply_adds
from tp1tui.spec.as_convolutions import as_convolutions
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.layers import Layer, Linear
from tp1tui.spec.measure import LargerInputs
from tp1tui.spec.results import Cell, Column, Result, Table, Text

SIDES = (224, 256, 288, 320, 384, 448, 512)
"""Of images before VGG16, in pixels."""


def larger_inputs(measure: LargerInputs, experiment: Experiment) -> tuple[Result, ...]:
    """The experiment's network and VGG16 on larger images, as they are and with their dense layers as convolutions."""
    own = _larger(experiment.input_shape, measure.side)
    large = _larger(vgg16.INPUT, measure.vgg16_side)
    return (
        Text(name="what still works", text=_sentences(experiment.layers, experiment.input_shape, own)),
        _shapes("this network", experiment.layers, experiment.input_shape, own),
        _shapes("VGG16", vgg16.LAYERS, vgg16.INPUT, large),
        _heads(measure),
    )


def _larger(planned: Shape, side: int) -> Shape:
    return (planned[0], side, side)


def _sentences(layers: tuple[Layer, ...], planned: Shape, larger: Shape) -> str:
    rows = layer_table(as_convolutions(layers, planned), larger)
    refusing, expected, got = _refusal(layers, planned, larger)
    if refusing is None:
        stop = "Every layer takes this image as it stands."
    else:
        stop = (
            f"Convolutions and poolings take an image of {shape_text(larger[1:])}: their windows move further. "
            f"{refusing} does not:\nit has weights for {expected:,} numbers and would be given {got:,}."
        )
    output = rows[-1].output
    answers = output[1] * output[2]
    where = "the one place" if answers == 1 else f"each of the {answers:,} places"
    return (
        f"{stop}\nWith its dense layers as convolutions it gives {shape_text(output)}: "
        f"an answer for {where}{_standing(layers, rows)}."
    )


def _standing(layers: tuple[Layer, ...], rows: tuple[LayerRow, ...]) -> str:
    """What stands at those places; of a network without a dense layer there is nothing to say."""
    dense = next((str(layer.name) for layer in layers if isinstance(layer, Linear)), "")
    kernel = next((row.kernel for row in rows if row.name == dense), None)
    return f"\nwhere the {kernel}x{kernel} kernel of {dense} fits" if kernel else ""


def _refusal(layers: tuple[Layer, ...], planned: Shape, larger: Shape) -> tuple[str | None, int, int]:
    """The first dense layer whose input grows: its name, the numbers it expects and those that it would get."""
    for layer, before, after in zip(layers, layer_table(layers, planned), layer_table(layers, larger), strict=True):
        if isinstance(layer, Linear) and before.input != after.input:
            return before.name, before.input[0], after.input[0]
    return None, 0, 0


def _shapes(title: str, layers: tuple[Layer, ...], planned: Shape, larger: Shape) -> Table:
    """Every layer that a size passes through, at the planned size and at the larger one."""
    convolutional = as_convolutions(layers, planned)
    before, after = layer_table(convolutional, planned), layer_table(convolutional, larger)
    dense = {row.name for row in layer_table(layers, planned) if row.kind == "linear"}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (row.name, _kind(row, dense), shape_text(row.output), shape_text(grown.output), grown.multiply_adds)
        for row, grown in zip(before, after, strict=True)
        if row.kernel is not None
    )
    names = ("layer", "kind", f"output at {planned[1]}", f"output at {larger[1]}", f"multiply-adds at {larger[1]}")
    columns = tuple(Column(name=name) for name in names)
    return Table(name=f"{title} on larger images", columns=columns, rows=rows)


def _kind(row: LayerRow, dense: set[str]) -> str:
    return f"dense, as conv {row.kernel}x{row.kernel}" if row.name in dense else f"{row.kind} {row.kernel}x{row.kernel}"


def _heads(measure: LargerInputs) -> Table:
    """VGG16's head over feature maps of x by x by 512."""
    convolutional = as_convolutions(vgg16.LAYERS, vgg16.INPUT)
    window = total_multiply_adds(layer_table(convolutional, vgg16.INPUT))
    rows: list[tuple[Cell, ...]] = []
    for side in sorted({*SIDES, measure.vgg16_side}):
        table = layer_table(convolutional, _larger(vgg16.INPUT, side))
        outputs = {row.name: row.output for row in table}
        places = outputs["fc8"][1] * outputs["fc8"][2]
        whole = total_multiply_adds(table)
        shapes = (shape_text(outputs[name]) for name in ("pool5", "fc6", "fc8"))
        rows.append((side, *shapes, places, whole / 1e9, places * window / 1e9))
    names = ("image side", "features", "fc6 as conv 7x7", "fc8 as conv 1x1", "answers")
    columns = (
        *(Column(name=name) for name in names),
        Column(name="multiply-adds", unit="10^9"),
        Column(name="of as many separate windows", unit="10^9"),
    )
    note = (
        "Channels stand first: 512 features of x by x give 1000 scores at each of (x - 6) by (x - 6) places. "
        "The last column is what it would cost to cut every window of 224 out and classify it alone."
    )
    return Table(name="VGG16's head on larger images", note=note, columns=columns, rows=tuple(rows))
