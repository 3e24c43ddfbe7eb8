"""What is computed that is no training curve: one class a kind, its fields the knobs that a person may turn."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tp1tui.spec.part import Count, Part

Needs = Literal["nothing", "network", "data", "training"]
"""Of the preset's experiment: nothing at all, its layers, also its dataset, or all of it, trained to the end first."""
Side = Annotated[int, Field(ge=1, le=100_000)]
"""Pixels."""


class _Measure(Part):
    needs: ClassVar[Needs] = "nothing"
    instant: ClassVar[bool] = False
    """Whether it is arithmetic alone, so that the bench shows its results while fields are typed."""


class ConvolutionCalculator(_Measure):
    """Output size and weights of one convolution, and of the dense layer in its place (questions cd01, cd08, cd09)."""

    instant: ClassVar[bool] = True

    kind: Literal["convolution"] = "convolution"
    width: Side = 32
    """Of the input, x."""
    height: Side = 32
    """y."""
    channels: Count = 3
    """z."""
    kernel: Side = 5
    """Of the square window, k."""
    padding: int = Field(default=2, ge=0, le=100_000)
    """Rows and columns of zeros on every side, p."""
    stride: Side = 1
    """s."""
    filters: Count = 32


class ReceptiveFields(_Measure):
    """What one output of each layer looks at, for the experiment's network and for VGG16 (question cd07)."""

    needs: ClassVar[Needs] = "network"
    instant: ClassVar[bool] = True

    kind: Literal["receptive-fields"] = "receptive-fields"


class LinearClassifiers(_Measure):
    """Linear SVMs on pixels and on a bag of words: their weights counted, the first really trained (cd12)."""

    needs: ClassVar[Needs] = "data"

    kind: Literal["linear-classifiers"] = "linear-classifiers"
    words: Count = 1000
    """Of the bag, V."""
    train_examples: Count = 5000
    """That the SVM is trained on; its time grows faster than their number."""


class FullyConvolutional(_Measure):
    """The trained network made fully convolutional and laid over larger images (cd04 to cd06)."""

    needs: ClassVar[Needs] = "training"

    kind: Literal["fully-convolutional"] = "fully-convolutional"
    sides: tuple[Side, ...] = (32, 48, 64, 96)


class Statistics(_Measure):
    """One trained network tested with statistics of the training set, of the test set and of each image (cd20)."""

    needs: ClassVar[Needs] = "training"

    kind: Literal["statistics"] = "statistics"


class DropoutModes(_Measure):
    """One input through the trained network again and again, in training mode and in evaluation mode (cd33)."""

    needs: ClassVar[Needs] = "training"

    kind: Literal["dropout-modes"] = "dropout-modes"
    passes: Annotated[int, Field(ge=2, le=100_000)] = 1000


Measure = Annotated[
    ConvolutionCalculator | ReceptiveFields | LinearClassifiers | FullyConvolutional | Statistics | DropoutModes,
    Field(discriminator="kind"),
]
