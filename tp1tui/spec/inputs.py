"""What happens to an example before the network sees it: standardization and augmentation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.part import Count, Part

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


Standardization = Annotated[ConstantStandardization | ChannelStandardization, Field(discriminator="kind")]


class Crop(Part):
    """A square of `size` pixels: at a random place while training, the centre at test (question cd22)."""

    kind: Literal["crop"] = "crop"
    size: Count


class Mirror(Part):
    """A mirror image, left for right, with probability `p` while training; never at test (question cd22)."""

    kind: Literal["mirror"] = "mirror"
    p: float = Field(default=0.5, ge=0, le=1)


AugmentationStep = Annotated[Crop | Mirror, Field(discriminator="kind")]


class Augmentation(Part):
    """Random changes of the training images, drawn anew for each image in each epoch.

    Switched off, training and test both see whole images.
    """

    enabled: bool = False
    steps: tuple[AugmentationStep, ...] = ()

    @model_validator(mode="after")
    def _each_kind_once(self) -> Augmentation:
        kinds = [step.kind for step in self.steps]
        for place, kind in enumerate(kinds):
            if kind in kinds[:place]:
                raise Misfit(("steps", place), f"is a second {kind}; each kind of augmentation may stand once")
        return self

    @property
    def crop(self) -> Crop | None:
        """The crop among the steps, if there is one."""
        return next((step for step in self.steps if isinstance(step, Crop)), None)

    @property
    def mirror(self) -> Mirror | None:
        """The mirror among the steps, if there is one."""
        return next((step for step in self.steps if isinstance(step, Mirror)), None)
