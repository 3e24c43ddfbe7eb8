"""Dense layers written as convolutions, so that a network takes images of any size (questions cd05, cd06)."""

from __future__ import annotations

from tp1tui.spec.arithmetic import Shape, layer_table
from tp1tui.spec.layers import Conv, Flatten, Layer, Linear


def as_convolutions(layers: tuple[Layer, ...], shape: Shape) -> tuple[Layer, ...]:
    """The same network without a dense layer.

    The first dense layer becomes a convolution whose kernel is the whole feature map that was laid out for it; each
    further one a convolution of 1x1. The layers that lay out disappear.

    Args:
        layers: The network.
        shape: Of the images that it was planned for, [C, H, W] with H = W.

    Raises:
        ValueError: The layers do not fit the shape.
    """
    made: list[Layer] = []
    side = 1
    for layer, row in zip(layers, layer_table(layers, shape), strict=True):
        if isinstance(layer, Flatten):
            if len(row.input) == 3:
                side = row.input[1]
        elif isinstance(layer, Linear):
            made.append(Conv(name=row.name, filters=layer.features, kernel=side, bias=layer.bias))
            side = 1
        else:
            made.append(layer.model_copy(update={"name": row.name}))
    return tuple(made)
