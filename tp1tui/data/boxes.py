"""A rectangle in each image: what erasing empties and cutmix pastes over."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from tp1tui.data.draws import Draws, Epoch
from tp1tui.spec.augmentation import Erasing


@dataclass(frozen=True)
class Boxes(Draws):
    """Rectangles, each edge int64 [N]; empty where top and bottom are the same."""

    top: Tensor
    bottom: Tensor
    left: Tensor
    right: Tensor

    def areas(self) -> Tensor:
        """Pixels in each, int64 [N]."""
        return (self.bottom - self.top) * (self.right - self.left)

    def mask(self, span: slice, size: tuple[int, int]) -> Tensor:
        """True within the rectangles of a batch, bool [B, 1, H, W]."""
        rows = torch.arange(size[0], device=self.top.device)
        columns = torch.arange(size[1], device=self.top.device)
        across = (columns >= self.left[span, None]) & (columns < self.right[span, None])
        down = (rows >= self.top[span, None]) & (rows < self.bottom[span, None])
        return (down[:, :, None] & across[:, None, :])[:, None]


def draw_erasing(step: Erasing, size: tuple[int, int], epoch: Epoch) -> Boxes:
    """Draw what is erased of images of this height and width; a side longer than the image is cut to it."""
    height, width = size
    draws = epoch.generator("erasing")
    area = epoch.between(*step.scale, draws) * height * width
    flattest, tallest = step.ratio
    ratio = epoch.between(math.log(flattest), math.log(tallest), draws).exp()
    tall = (area * ratio).sqrt().round().clamp(1, height).long()
    wide = (area / ratio).sqrt().round().clamp(1, width).long()
    top = (epoch.between(0, 1, draws) * (height - tall + 1)).long()
    left = (epoch.between(0, 1, draws) * (width - wide + 1)).long()
    chosen = epoch.chance(step.p, draws)
    return Boxes(top, torch.where(chosen, top + tall, top), left, left + wide)
