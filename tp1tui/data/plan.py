"""Every random draw that one epoch's batches need, made at its start.

Drawn from generators seeded by (seed, epoch, purpose), so that a resumed run, in the middle of an epoch too, sees the
very same batches without any state but the seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import torch
from torch import Tensor

from tp1tui.data.boxes import Boxes, draw_erasing
from tp1tui.data.draws import CPU, Epoch, PixelDraws
from tp1tui.data.jitter import draw_jitter
from tp1tui.data.mixing import Mixing, draw_mixing
from tp1tui.data.placing import Placing, PlacingStep, draw_placing
from tp1tui.data.randaugment import draw_operations
from tp1tui.data.warping import draw_warp
from tp1tui.spec.augmentation import (
    Affine,
    Augmentation,
    AugmentationStep,
    ColourJitter,
    Crop,
    Erasing,
    RandAugment,
    Rotation,
)


@dataclass(frozen=True)
class EpochPlan:
    """The order of one epoch's examples, and what augmentation does to each."""

    order: Tensor
    """int64 [N]: examples in the order of their use."""
    batch_size: int
    placing: Placing | None
    """Crops and mirror images that stand first, and so are cut from the resident images themselves."""
    pixel_steps: tuple[PixelDraws, ...]
    """What else is done to pixels, in its order."""
    erasing: Boxes | None
    mixing: Mixing | None

    @classmethod
    def draw(
        cls,
        augmentation: Augmentation,
        shape: tuple[int, ...],
        batch_size: int,
        seed: int,
        epoch: int,
        device: torch.device = CPU,
    ) -> EpochPlan:
        """Draw an epoch, the same for every device.

        Args:
            augmentation: Its steps are drawn whether it is enabled or not, so that flipping the switch shifts no
                other draw.
            shape: Of the training inputs, [N, H, W, C] or [N, F].
            batch_size: Examples a batch.
            seed: The experiment's.
            epoch: From 1.
            device: Where the plan is wanted.
        """
        drawn = Epoch(seed, epoch, shape[0], device)
        order = torch.randperm(shape[0], generator=drawn.generator("order"))
        if not augmentation.steps:
            return cls(order, batch_size, None, (), None, None).to(device)
        before, crop = (shape[1], shape[2]), augmentation.crop
        after = (crop.size, crop.size) if crop else before
        steps = _pixel_steps(augmentation, before, after, batch_size, drawn)
        first = steps[0] if steps and isinstance(steps[0], Placing) else None
        erasing, mixing = augmentation.step(Erasing), augmentation.mixing
        return cls(
            order,
            batch_size,
            first,
            tuple(steps[1:] if first else steps),
            draw_erasing(erasing, after, drawn) if erasing else None,
            draw_mixing(mixing, after, batch_size, drawn) if mixing else None,
        ).to(device)

    def __len__(self) -> int:
        return len(self._batches)

    def to(self, device: torch.device) -> EpochPlan:
        """The same plan on a device; itself where it is there already."""
        if self.order.device == device:
            return self
        return EpochPlan(
            self.order.to(device),
            self.batch_size,
            self.placing and self.placing.to(device),
            tuple(step.to(device) for step in self.pixel_steps),
            self.erasing and self.erasing.to(device),
            self.mixing and self.mixing.to(device),
        )

    def at(self, places: Tensor) -> EpochPlan:
        """The plan of a single batch, whose examples stand at these places of the order: int64 [B], on the device.

        So a device may itself say which batch comes next.
        """
        return EpochPlan(
            self.order.index_select(0, places),
            self.batch_size,
            self.placing and self.placing.at(places),
            tuple(step.at(places) for step in self.pixel_steps),
            self.erasing and self.erasing.at(places),
            self.mixing and self.mixing.at(places),
        )

    def overwrite(self, plan: EpochPlan) -> None:
        """Become another epoch's plan of the same experiment, in the very same tensors."""
        for mine, other in zip(self._tensors(), plan._tensors(), strict=True):
            mine.copy_(other)

    def examples(self, number: int) -> Tensor:
        """Indices of one batch's examples, int64 [B]."""
        return self._batches[number]

    def gather(self, images: Tensor, number: int) -> Tensor:
        """One batch, cropped and mirrored: [B, h, w, C] of [N, H, W, C] of the same dtype, in a single gather."""
        if self.placing is None:
            return images.index_select(0, self.examples(number))
        return self.placing.cut(images, self.examples(number), self._span(number))

    def change(self, pixels: Tensor, number: int) -> Tensor:
        """What else is done to the pixels of one batch, float32 [B, C, H, W]."""
        for step in self.pixel_steps:
            pixels = step.apply(pixels, self._span(number))
        return pixels

    def erase(self, inputs: Tensor, number: int) -> Tensor:
        """One standardized batch [B, C, H, W] with a rectangle of some images set to 0."""
        if self.erasing is None:
            return inputs
        return inputs * ~self.erasing.mask(self._span(number), (inputs.shape[2], inputs.shape[3]))

    def mix(self, inputs: Tensor, labels: Tensor, classes: int, number: int) -> tuple[Tensor, Tensor]:
        """One batch mixed within itself; labels become soft, float32 [B, classes], if anything is mixed at all."""
        if self.mixing is None:
            return inputs, labels
        return self.mixing.apply(inputs, labels, classes, self._span(number))

    @cached_property
    def _batches(self) -> tuple[Tensor, ...]:
        """The order, cut once for all batches."""
        return tuple(self.order.split(self.batch_size))

    def _tensors(self) -> Iterator[Tensor]:
        yield self.order
        for draws in (self.placing, *self.pixel_steps, self.erasing, self.mixing):
            if draws is not None:
                yield from draws.tensors()

    def _span(self, number: int) -> slice:
        return slice(number * self.batch_size, (number + 1) * self.batch_size)


def _pixel_steps(
    augmentation: Augmentation, before: tuple[int, int], after: tuple[int, int], batch_size: int, epoch: Epoch
) -> list[PixelDraws]:
    """Draws for all that works on pixels, crops and mirror images that stand together as one.

    Args:
        augmentation: What is asked.
        before: Height and width of the images.
        after: The same once they are cropped.
        batch_size: Examples a batch.
        epoch: Which is drawn.
    """
    drawn: list[PixelDraws] = []
    size = before
    for is_placing, group in groupby(augmentation.steps, lambda step: isinstance(step, PlacingStep)):
        if is_placing:
            steps = [step for step in group if isinstance(step, PlacingStep)]
            drawn.append(draw_placing(steps, size, epoch))
            size = after if any(isinstance(step, Crop) for step in steps) else size
        else:
            drawn += [draws for step in group if (draws := _pixel_step(step, size, batch_size, epoch))]
    return drawn


def _pixel_step(step: AugmentationStep, size: tuple[int, int], batch_size: int, epoch: Epoch) -> PixelDraws | None:
    """Draws for one step; None for those that come after standardization."""
    match step:
        case Rotation() | Affine():
            return draw_warp(step, size, epoch)
        case ColourJitter():
            return draw_jitter(step, epoch)
        case RandAugment():
            return draw_operations(step, batch_size, epoch)
    return None
