"""What happens to every example before the network sees it: standardization (questions cd19 to cd21)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.part import Part

SUBJECT_MEAN = (0.491, 0.482, 0.447)
SUBJECT_STD = (0.202, 0.199, 0.201)


class ConstantStandardization(Part):
    """(x - mean) / std with constants given per channel, on pixels scaled to [0, 1].

    The default constants are the subject's for CIFAR-10. Its deviations are the mean of the per-image deviations;
    over all pixels they are really 0.247, 0.243, 0.262 (kind "channel").
    """

    kind: Literal["constants"] = "constants"
    enabled: bool = False
    mean: tuple[float, ...] = SUBJECT_MEAN
    std: tuple[Annotated[float, Field(gt=0)], ...] = SUBJECT_STD

    @model_validator(mode="after")
    def _same_channels(self) -> ConstantStandardization:
        if len(self.mean) != len(self.std):
            problem = f"has length {len(self.std)}, but mean has {len(self.mean)}; give one number a channel in both"
            raise Misfit(("std",), problem)
        return self


class ChannelStandardization(Part):
    """(x - mean) / std with each channel's mean and deviation over all pixels of the training set."""

    kind: Literal["channel"] = "channel"
    enabled: bool = False


class ImageStandardization(Part):
    """(x - mean) / std with the mean and deviation of each channel of each image by itself, as augmentation left it.

    A deviation counts as one grey level at least, so that a blank image stays blank.
    """

    kind: Literal["image"] = "image"
    enabled: bool = False


class PixelStandardization(Part):
    """The training set's mean image subtracted: each pixel's own mean, nothing divided.

    Subtracted after augmentation, where the network looks: of crops, the mean image's centre.
    """

    kind: Literal["pixel"] = "pixel"
    enabled: bool = False


class ZcaStandardization(Part):
    """ZCA whitening: pixels made uncorrelated, each image staying as near to itself as that allows (question cd21).

    (x - mean) · U diag(1 / sqrt(variance + epsilon)) Uᵀ, with the training set's mean image, and the directions U and
    variances of its covariance over all pixels and channels, on pixels scaled to [0, 1].

    Directions that vary more than epsilon come to vary alike, those that vary less stay weak. The default of 0.001 is
    exceeded by 1,244 of CIFAR-10's 3,072 directions, which hold 99.8 % of its variance. The weakest vary by 1.6e-6,
    little more than what rounding to whole levels gives any pixel (1.3e-6): an epsilon that small would make
    noise as strong as the image. Of 0.1, 0.01 and 0.001 the last took the subject's network furthest in two epochs.
    """

    kind: Literal["zca"] = "zca"
    enabled: bool = False
    epsilon: Annotated[float, Field(ge=1e-8, le=1e3)] = 0.001
    """Added to each variance."""


Standardization = Annotated[
    ConstantStandardization | ChannelStandardization | ImageStandardization | PixelStandardization | ZcaStandardization,
    Field(discriminator="kind"),
]
