"""VGG16 as layers (Simonyan and Zisserman, 2015, configuration D), for arithmetic on a network of full size."""

from __future__ import annotations

from tp1tui.spec.arithmetic import Shape
from tp1tui.spec.layers import Conv, Flatten, Layer, Linear, MaxPool

INPUT: Shape = (3, 224, 224)
_BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Filters of the convolutions before each pooling."""


def _block(number: int, filters: tuple[int, ...]) -> tuple[Layer, ...]:
    convolutions = (
        Conv(name=f"conv{number}_{place}", filters=count, kernel=3, padding=1)
        for place, count in enumerate(filters, start=1)
    )
    return (*convolutions, MaxPool(name=f"pool{number}", kernel=2))


CONVOLUTIONAL: tuple[Layer, ...] = tuple(
    layer for number, filters in enumerate(_BLOCKS, start=1) for layer in _block(number, filters)
)
"""13 convolutions and 5 poolings, without the activations, which change no size."""
HEAD: tuple[Layer, ...] = (
    Flatten(name="flatten"),
    Linear(name="fc6", features=4096),
    Linear(name="fc7", features=4096),
    Linear(name="fc8", features=1000),
)
LAYERS: tuple[Layer, ...] = (*CONVOLUTIONAL, *HEAD)
