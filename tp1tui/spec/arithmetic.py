"""Layer arithmetic without torch: output sizes, parameters, multiply-adds and receptive fields (cd01, cd07 to cd12).

The same walk serves the layer table, the check that an experiment's network fits its images, and the builder in
`tp1tui.engine.model`, which reads input sizes from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from tp1tui.spec.faults import Misfit
from tp1tui.spec.layers import (
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Identity,
    Layer,
    Linear,
    MaxPool,
    Relu,
    Sigmoid,
    Tanh,
    layer_names,
)

Shape = tuple[int, ...]
"""Of one example: [C, H, W] for images, [F] for vectors."""


@dataclass(frozen=True)
class LayerRow:
    """One layer of a network at a given input size."""

    name: str
    kind: str
    input: Shape
    output: Shape
    kernel: int | None
    """Width of the window in pixels; None for layers without one."""
    parameters: int
    share: float
    """Of the network's parameters, in percent."""
    multiply_adds: int
    """Of one example's forward pass."""
    receptive_field: int | None
    """Width, in pixels of the network's input, of what one output looks at; None from the first affine map on, whose
    outputs look at everything."""


@dataclass(frozen=True)
class ReceptiveField:
    """A receptive field while it grows, in pixels of the network's input."""

    width: int = 1
    jump: int = 1
    """Distance between the centres of two neighbours."""

    def through(self, kernel: int, stride: int) -> ReceptiveField:
        """The field behind one more window."""
        return ReceptiveField(self.width + (kernel - 1) * self.jump, self.jump * stride)


def window_output(size: int, kernel: int, stride: int, padding: int) -> int:
    """Positions of a window along one side: floor((size + 2·padding - kernel) / stride) + 1 (question cd01)."""
    return (size + 2 * padding - kernel) // stride + 1


def window_output_ceil(size: int, kernel: int, stride: int, padding: int) -> int:
    """The same with the division rounded up; a last window that would begin in the right padding is dropped."""
    positions = -((kernel - size - 2 * padding) // stride) + 1
    begins_outside = (positions - 1) * stride >= size + padding
    return positions - 1 if begins_outside else positions


def layer_table(layers: tuple[Layer, ...], shape: Shape) -> tuple[LayerRow, ...]:
    """Walk a network from its input size.

    Args:
        layers: The network.
        shape: Of one input example, [C, H, W] or [F].

    Returns:
        One row a layer, in order.

    Raises:
        ValueError: A layer does not fit what comes before it; the sentence names the layer. (A `Misfit`, whose keys
            are the layer's number.)
    """
    rows: list[LayerRow] = []
    reach: ReceptiveField | None = ReceptiveField() if len(shape) == 3 else None
    for place, (name, layer) in enumerate(zip(layer_names(layers), layers, strict=True)):
        problem = _problem(layer, shape)
        if problem:
            raise Misfit((place,), problem, shown=f"layer {name}")
        output = _output(layer, shape)
        if isinstance(layer, Conv | MaxPool | AvgPool) and reach is not None:
            reach = reach.through(layer.kernel, _stride(layer))
        elif isinstance(layer, Linear):
            reach = None
        rows.append(
            LayerRow(
                name=name,
                kind=layer.kind,
                input=shape,
                output=output,
                kernel=layer.kernel if isinstance(layer, Conv | MaxPool | AvgPool) else None,
                parameters=_parameters(layer, shape),
                share=0.0,
                multiply_adds=_multiply_adds(layer, shape, output),
                receptive_field=reach.width if reach else None,
            )
        )
        shape = output
    return with_shares(rows)


def total_parameters(rows: tuple[LayerRow, ...]) -> int:
    """Weights to learn in the whole network."""
    return sum(row.parameters for row in rows)


def total_multiply_adds(rows: tuple[LayerRow, ...]) -> int:
    """Multiply-adds of one example's forward pass through the whole network."""
    return sum(row.multiply_adds for row in rows)


def with_shares(rows: list[LayerRow]) -> tuple[LayerRow, ...]:
    """The rows of a whole network, each with its share of the weights."""
    total = sum(row.parameters for row in rows)
    return tuple(replace(row, share=100 * row.parameters / total if total else 0.0) for row in rows)


def shape_text(shape: Shape) -> str:
    """[3, 32, 32] as people write it: 3x32x32."""
    return "x".join(str(side) for side in shape)


def _problem(layer: Layer, shape: Shape) -> str | None:
    """Why a layer cannot take an input of this size; None when it can."""
    if isinstance(layer, Linear) and len(shape) != 1:
        return f"takes a vector, but its input is {shape_text(shape)}; put a flatten layer before it"
    if not isinstance(layer, Conv | MaxPool | AvgPool):
        return None
    if len(shape) != 3:
        return f"takes an image, but its input is a vector of {shape_text(shape)}"
    if not isinstance(layer, Conv) and layer.padding * 2 > layer.kernel:
        return f"has a padding of {layer.padding}, which is more than half its kernel of {layer.kernel}"
    if layer.kernel > min(shape[1:]) + 2 * layer.padding:
        return f"has a kernel of {layer.kernel}, which does not fit in its input of {shape_text(shape[1:])} pixels"
    return None


def _output(layer: Layer, shape: Shape) -> Shape:
    match layer:
        case Conv():
            return (layer.filters, *_window(layer, shape))
        case MaxPool() | AvgPool():
            return (shape[0], *_window(layer, shape))
        case Flatten():
            return (prod(shape),)
        case Linear():
            return (layer.features,)
        case Relu() | Tanh() | Sigmoid() | Identity() | Dropout() | BatchNorm():
            return shape


def _window(layer: Conv | MaxPool | AvgPool, shape: Shape) -> Shape:
    rounds_up = not isinstance(layer, Conv) and layer.ceil
    along = window_output_ceil if rounds_up else window_output
    return tuple(along(side, layer.kernel, _stride(layer), layer.padding) for side in shape[1:])


def _stride(layer: Conv | MaxPool | AvgPool) -> int:
    return layer.stride or layer.kernel


def _parameters(layer: Layer, shape: Shape) -> int:
    match layer:
        case Conv():
            return layer.filters * (layer.kernel**2 * shape[0] + int(layer.bias))
        case Linear():
            return layer.features * (shape[0] + int(layer.bias))
        case BatchNorm():
            return 2 * shape[0]
        case _:
            return 0


def _multiply_adds(layer: Layer, shape: Shape, output: Shape) -> int:
    match layer:
        case Conv():
            return prod(output) * layer.kernel**2 * shape[0]
        case Linear():
            return layer.features * shape[0]
        case BatchNorm():
            return prod(output)
        case _:
            return 0
