"""What one output of each layer looks at (question cd07)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tp1tui.spec import vgg16
from tp1tui.spec.arithmetic import ReceptiveField, Shape, layer_table, shape_text
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.layers import AvgPool, Conv, Layer, MaxPool
from tp1tui.spec.results import Axis, Cell, Column, Line, Result, Series, Table, Text

_FORMULA = """
receptive field = field before + (k - 1) · jump before        it begins with 1, the pixel itself
jump            = jump before · s                             it begins with 1, from pixel to pixel

k is the kernel, s the stride. The jump is how far apart in the image two neighbours of a layer look, so each pooling by
2 doubles what every later kernel adds. A dense layer sees all: behind it the field is the whole image.
""".strip()


def receptive_fields(experiment: Experiment) -> tuple[Result, ...]:
    """Width of the receptive field behind each window, for the experiment's network and for VGG16."""
    own = tuple(_windows(experiment.layers, experiment.input_shape))
    large = tuple(_windows(vgg16.CONVOLUTIONAL, vgg16.INPUT))
    return (
        Text(name="how it grows", text=_FORMULA),
        _table("this network", experiment.input_shape, own),
        _table("VGG16", vgg16.INPUT, large),
        Series(
            name="receptive field by depth",
            note="Windows are convolutions and poolings, counted from the input.",
            x=Axis(name="window"),
            y=Axis(name="receptive field", unit="pixels", scale="log"),
            lines=(_line("this network", own), _line("VGG16", large)),
        ),
    )


@dataclass(frozen=True)
class _Window:
    """One convolution or pooling, and what its outputs look at."""

    name: str
    kernel: int
    stride: int
    output: Shape
    before: ReceptiveField
    after: ReceptiveField

    @property
    def formula(self) -> str:
        return f"{self.before.width} + ({self.kernel} - 1)·{self.before.jump}"


def _windows(layers: tuple[Layer, ...], shape: Shape) -> Iterator[_Window]:
    before = ReceptiveField()
    for layer, row in zip(layers, layer_table(layers, shape), strict=True):
        if isinstance(layer, Conv | MaxPool | AvgPool):
            stride = layer.stride or layer.kernel
            after = before.through(layer.kernel, stride)
            yield _Window(row.name, layer.kernel, stride, row.output, before, after)
            before = after


def _table(title: str, shape: Shape, windows: tuple[_Window, ...]) -> Table:
    names = ("layer", "kernel", "stride", "output", "computed as")
    columns = (*map(_count, names), Column(name="receptive field", unit="pixels"), Column(name="jump", unit="pixels"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *(window.name, window.kernel, window.stride, shape_text(window.output)),
            *(window.formula, window.after.width, window.after.jump),
        )
        for window in windows
    )
    note = f"For an input of {shape_text(shape)}; each field is a square of that width."
    return Table(name=f"receptive fields of {title}", note=note, columns=columns, rows=rows)


def _line(name: str, windows: tuple[_Window, ...]) -> Line:
    widths = tuple(float(window.after.width) for window in windows)
    return Line(name=name, x=tuple(float(number) for number in range(1, len(widths) + 1)), y=widths)


def _count(name: str) -> Column:
    return Column(name=name)
