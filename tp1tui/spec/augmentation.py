"""Random changes of the training images (questions cd22 to cd25)."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.part import Count, Part

Probability = Annotated[float, Field(ge=0, le=1)]
Degrees = Annotated[float, Field(ge=0, le=180)]
"""An angle is drawn between minus and plus so many."""
Strength = Annotated[float, Field(ge=0, le=10)]
"""A factor is drawn between 1 - strength (0 at least) and 1 + strength."""


class Crop(Part):
    """A square of `size` pixels: at a random place while training, the centre at test (question cd22)."""

    kind: Literal["crop"] = "crop"
    size: Count
    padding: Annotated[int, Field(ge=0, le=1_000)] = 0
    """Pixels of zeros around the image, from which the square may take some."""

    @model_validator(mode="after")
    def _never_beside_the_image(self) -> Crop:
        if self.padding >= self.size:
            problem = (
                f"is {self.padding}, but must be below the crop's size ({self.size}), or a crop could miss the image"
            )
            raise Misfit(("padding",), problem)
        return self


class Mirror(Part):
    """A mirror image, left for right, with probability `p` while training; never at test (question cd22)."""

    kind: Literal["mirror"] = "mirror"
    p: Probability = 0.5


class VerticalMirror(Part):
    """A mirror image, top for bottom, with probability `p` while training; never at test."""

    kind: Literal["vertical-mirror"] = "vertical-mirror"
    p: Probability = 0.5


class Rotation(Part):
    """A turn about the centre, bilinear, with zeros where nothing was."""

    kind: Literal["rotation"] = "rotation"
    degrees: Degrees = 15


class Affine(Part):
    """A turn, a shift, a change of size and a slant at once, about the centre, bilinear, zeros where nothing was."""

    kind: Literal["affine"] = "affine"
    degrees: Degrees = 10
    translate: Probability = 0.1
    """Largest shift along each axis, as a share of the image's size."""
    scale: tuple[Annotated[float, Field(gt=0, le=10)], Annotated[float, Field(gt=0, le=10)]] = (0.9, 1.1)
    """The factor is drawn between these two."""
    shear: Annotated[float, Field(ge=0, lt=90)] = 0
    """Largest slant of the vertical lines, in degrees either way."""

    @model_validator(mode="after")
    def _lower_first(self) -> Affine:
        _check_order("scale", self.scale)
        return self


class ColourJitter(Part):
    """Other brightness, then contrast, saturation and hue, each by a factor or shift of its own."""

    kind: Literal["colour-jitter"] = "colour-jitter"
    brightness: Strength = 0
    contrast: Strength = 0
    saturation: Strength = 0
    """Colour images only."""
    hue: Annotated[float, Field(ge=0, le=0.5)] = 0
    """Largest shift around the colour circle, either way; 0.5 is half of it. Colour images only."""

    @model_validator(mode="after")
    def _changes_something(self) -> ColourJitter:
        if not (self.brightness or self.contrast or self.saturation or self.hue):
            raise Misfit(("brightness",), "is 0, and so are contrast, saturation and hue; give one of them more")
        return self


class Erasing(Part):
    """A rectangle set to zero, at a random place, with probability `p` (Zhong et al., 2020)."""

    kind: Literal["erasing"] = "erasing"
    p: Probability = 0.5
    scale: tuple[Annotated[float, Field(gt=0, le=1)], Annotated[float, Field(gt=0, le=1)]] = (0.02, 0.33)
    """The rectangle's share of the image is drawn between these two."""
    ratio: tuple[Annotated[float, Field(gt=0, le=100)], Annotated[float, Field(gt=0, le=100)]] = (0.3, 3.3)
    """Height over width is drawn between these two, evenly on a log scale."""

    @model_validator(mode="after")
    def _lower_first(self) -> Erasing:
        _check_order("scale", self.scale)
        _check_order("ratio", self.ratio)
        return self


class Mixup(Part):
    """An image and its label blended with another of the batch, the weight from Beta(alpha, alpha) (Zhang, 2018)."""

    kind: Literal["mixup"] = "mixup"
    alpha: Annotated[float, Field(ge=0.01, le=100)] = 0.2


class CutMix(Part):
    """A rectangle of another image of the batch pasted in, and as much of its label (Yun et al., 2019).

    The rectangle's share of the image is 1 minus a number from Beta(alpha, alpha), less what falls outside.
    """

    kind: Literal["cutmix"] = "cutmix"
    alpha: Annotated[float, Field(ge=0.01, le=100)] = 1.0


class RandAugment(Part):
    """`operations` of fourteen drawn for each image, all at one strength (Cubuk et al., 2020).

    Identity, slant and shift along each axis, turn, brightness, colour, contrast, sharpness, posterize, solarize,
    autocontrast, equalize.
    """

    kind: Literal["randaugment"] = "randaugment"
    operations: Annotated[int, Field(ge=1, le=10)] = 2
    magnitude: Annotated[int, Field(ge=0, le=30)] = 9
    """From 0, where hardly anything is changed, to 30."""


AugmentationStep = Annotated[
    Crop | Mirror | VerticalMirror | Rotation | Affine | ColourJitter | Erasing | Mixup | CutMix | RandAugment,
    Field(discriminator="kind"),
]

Step = TypeVar("Step", bound=Part)


class Augmentation(Part):
    """Random changes of the training images, drawn anew for each image in each epoch.

    Crops, mirror images, rotation, affine, colour jitter and RandAugment act on pixels, one after the other in the
    order given; then comes standardization; erasing, and mixup or cutmix after it, act on its result wherever they
    stand in the list. Switched off, training and test both see whole images.
    """

    enabled: bool = False
    steps: tuple[AugmentationStep, ...] = ()

    @model_validator(mode="after")
    def _fit_together(self) -> Augmentation:
        kinds = [step.kind for step in self.steps]
        for place, kind in enumerate(kinds):
            if kind in kinds[:place]:
                raise Misfit(("steps", place), f"is a second {kind}; each kind of augmentation may stand once")
        if {"mixup", "cutmix"} <= set(kinds):
            place = max(kinds.index("mixup"), kinds.index("cutmix"))
            problem = f"is {kinds[place]}, but mixup and cutmix both mix labels; only one of them may stand here"
            raise Misfit(("steps", place), problem)
        return self

    def step(self, kind: type[Step]) -> Step | None:
        """The step of a kind, if there is one."""
        return next((step for step in self.steps if isinstance(step, kind)), None)

    @property
    def crop(self) -> Crop | None:
        """The crop among the steps, if there is one."""
        return self.step(Crop)

    @property
    def mixing(self) -> Mixup | CutMix | None:
        """What makes soft labels, if anything does."""
        return self.step(Mixup) or self.step(CutMix)


def _check_order(key: str, bounds: tuple[float, float]) -> None:
    low, high = bounds
    if low > high:
        raise Misfit((key,), f"runs from {low:g} to {high:g}; write the lower bound first")
