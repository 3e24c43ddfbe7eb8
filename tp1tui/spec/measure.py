"""What is computed that is no training curve: one class a kind, its fields the knobs that a person may turn."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.forward_measure import Forward
from tp1tui.spec.gradient_measures import Argmax, GradientCost, Gradients
from tp1tui.spec.loss_shapes import LossShapes
from tp1tui.spec.measure_part import MeasurePart, Needs
from tp1tui.spec.part import Count
from tp1tui.spec.svm_measure import Svm
from tp1tui.spec.transformer_measures import AttentionMaps, TokenCost, TransformerSteps

Side = Annotated[int, Field(ge=1, le=100_000)]
"""Pixels."""
Padding = Annotated[int, Field(ge=0, le=100_000)]
"""Rows and columns of zeros on every side."""
PictureSide = Annotated[int, Field(ge=1, le=512)]
"""Pixels of an image that a network is really laid over."""


class _WindowCalculator(MeasurePart):
    """A square window that moves over an image."""

    instant: ClassVar[bool] = True

    width: Side = 32
    """Of the input, x."""
    height: Side = 32
    """y."""
    channels: Count = 3
    """z."""
    kernel: Side = 5
    """Of the square window, k."""
    padding: Padding = 2
    """Rows and columns of zeros on every side, p."""
    stride: Side = 1
    """s."""

    @model_validator(mode="after")
    def _window_fits(self) -> _WindowCalculator:
        narrow, side = min((self.width, "width"), (self.height, "height"))
        room = narrow + 2 * self.padding
        if self.kernel > room:
            padded = f"{narrow} + 2·{self.padding} = {room}" if self.padding else f"{room}"
            problem = f"is {self.kernel}, but the input's {side} is {padded} pixels; the window must fit in it"
            raise Misfit(("kernel",), problem)
        return self


class ConvolutionCalculator(_WindowCalculator):
    """Output size and weights of one convolution, and of the dense layer in its place (questions cd01, cd08)."""

    kind: Literal["convolution"] = "convolution"
    filters: Count = 32


class PoolingCalculator(_WindowCalculator):
    """Output size of one pooling layer (question cd09)."""

    kind: Literal["pooling"] = "pooling"
    channels: Count = 32
    """z."""
    kernel: Side = 2
    """Of the square window, k."""
    padding: Padding = 0
    """Rows and columns on every side that no maximum is taken from, p."""
    stride: Side = 2
    """s."""

    @model_validator(mode="after")
    def _windows_see_pixels(self) -> PoolingCalculator:
        if 2 * self.padding > self.kernel:
            most = self.kernel // 2
            problem = f"is {self.padding}; at most half the kernel, here {most}, or a window could see padding alone"
            raise Misfit(("padding",), problem)
        return self


class LargerInputs(MeasurePart):
    """Which layers take an image larger than planned, and what VGG16's head gives on one (questions cd04 to cd06)."""

    needs: ClassVar[Needs] = "network"
    instant: ClassVar[bool] = True

    kind: Literal["larger-inputs"] = "larger-inputs"
    side: Side = 48
    """Of the image that is laid before the experiment's network."""
    vgg16_side: Side = 320
    """Of the image that is laid before VGG16, which was planned for 224."""


class UnsharedConvolution(MeasurePart):
    """Weights of the network's convolutions if every position had its own (question cd05)."""

    needs: ClassVar[Needs] = "network"
    instant: ClassVar[bool] = True

    kind: Literal["unshared-convolution"] = "unshared-convolution"


class ReceptiveFields(MeasurePart):
    """What one output of each layer looks at, for the experiment's network and for VGG16 (question cd07)."""

    needs: ClassVar[Needs] = "network"
    instant: ClassVar[bool] = True

    kind: Literal["receptive-fields"] = "receptive-fields"


class LayerTable(MeasurePart):
    """Output size and weights of every layer, with the sums written out (questions cd10, cd11)."""

    needs: ClassVar[Needs] = "network"
    instant: ClassVar[bool] = True

    kind: Literal["layer-table"] = "layer-table"


class LinearClassifiers(MeasurePart):
    """Linear SVMs on pixels and on a bag of words: their weights counted, both really trained (question cd12)."""

    needs: ClassVar[Needs] = "data"

    kind: Literal["linear-classifiers"] = "linear-classifiers"
    words: Annotated[int, Field(ge=2, le=20_000)] = 1000
    """Of the bag, V."""
    train_examples: Annotated[int, Field(ge=100, le=1_000_000)] = 5000
    """That both are trained on, the first of the training set."""


class FullyConvolutional(MeasurePart):
    """The trained network made fully convolutional and laid over larger images (questions cd04 to cd06)."""

    needs: ClassVar[Needs] = "training"

    kind: Literal["fully-convolutional"] = "fully-convolutional"
    sides: tuple[PictureSide, ...] = Field(default=(32, 48, 64, 96), min_length=1, max_length=12)
    """Of the images that it is laid over."""
    tested: Count = 1000
    """How many of the test images are classified at each size, the first of the test set."""
    image: Count = 1
    """Which of the test images is shown, from 1."""

    @model_validator(mode="after")
    def _each_once(self) -> FullyConvolutional:
        for place, side in enumerate(self.sides):
            if side in self.sides[:place]:
                raise Misfit(("sides", place), f"is {side} a second time; each size may stand once")
        return self


class Statistics(MeasurePart):
    """One trained network tested with statistics of the training set, of the test set and of each image (cd20)."""

    needs: ClassVar[Needs] = "training"

    kind: Literal["statistics"] = "statistics"


class DropoutModes(MeasurePart):
    """One input through the trained network again and again, in training mode and in evaluation mode (cd33)."""

    needs: ClassVar[Needs] = "training"

    kind: Literal["dropout-modes"] = "dropout-modes"
    passes: Annotated[int, Field(ge=2, le=100_000)] = 1000
    image: Count = 1
    """Which of the test images is the input, from 1."""


Measure = Annotated[
    ConvolutionCalculator
    | PoolingCalculator
    | LargerInputs
    | UnsharedConvolution
    | ReceptiveFields
    | LayerTable
    | LinearClassifiers
    | FullyConvolutional
    | Statistics
    | DropoutModes
    | GradientCost
    | Argmax
    | Gradients
    | Forward
    | LossShapes
    | Svm
    | TransformerSteps
    | TokenCost
    | AttentionMaps,
    Field(discriminator="kind"),
]
