"""Mixup and cutmix: two images of a batch in one, and their labels in the same shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from tp1tui.data.boxes import Boxes
from tp1tui.data.draws import Draws, Epoch, sorted_by_batch
from tp1tui.data.seeds import seed_for
from tp1tui.spec.augmentation import CutMix, Mixup


@dataclass(frozen=True)
class Mixing(Draws):
    """Who is mixed with whom, and how much of each stays."""

    partner: Tensor
    """int64 [N]: place of the other image within the same batch."""
    share: Tensor
    """float32 [N]: what stays of the image itself, 0 to 1."""
    boxes: Boxes | None
    """Where the other image is pasted; None where the two are blended."""

    def apply(self, inputs: Tensor, labels: Tensor, classes: int, span: slice) -> tuple[Tensor, Tensor]:
        """Mix a batch.

        Args:
            inputs: float32 [B, C, H, W].
            labels: int64 [B].
            classes: How many there are.
            span: Which images of the epoch they are.

        Returns:
            The inputs mixed, and soft labels float32 [B, classes] whose rows sum to 1.
        """
        partner, share = self.partner[span], self.share[span]
        others = inputs.index_select(0, partner)
        if self.boxes is None:
            foreign = 1 - share.view(-1, 1, 1, 1)
        else:
            foreign = self.boxes.mask(span, (inputs.shape[2], inputs.shape[3])).to(inputs.dtype)
        mixed = torch.lerp(inputs, others, foreign)
        wanted = F.one_hot(labels, classes).to(inputs.dtype)
        return mixed, torch.lerp(wanted.index_select(0, partner), wanted, share[:, None])


def draw_mixing(step: Mixup | CutMix, size: tuple[int, int], batch_size: int, epoch: Epoch) -> Mixing:
    """Draw an epoch's pairs, for inputs of this height and width."""
    # numpy's, since torch's Beta takes no generator
    weights = np.random.Generator(np.random.PCG64(seed_for(epoch.seed, epoch.number, step.kind)))
    share = torch.from_numpy(weights.beta(step.alpha, step.alpha, epoch.count)).to(torch.float32)
    draws = epoch.generator(step.kind)
    partner = sorted_by_batch(torch.rand(epoch.count, generator=draws), batch_size)
    if isinstance(step, Mixup):
        return Mixing(partner, share, None)
    height, width = size
    side = (1 - share).sqrt()
    top, bottom = _edges(height, side, epoch.between(0, height, draws))
    left, right = _edges(width, side, epoch.between(0, width, draws))
    boxes = Boxes(top, bottom, left, right)
    return Mixing(partner, 1 - boxes.areas() / (height * width), boxes)


def _edges(length: int, share: Tensor, middle: Tensor) -> tuple[Tensor, Tensor]:
    """First and last of a stretch of `share` of the length around its middle, cut where the image ends; int64 [N]."""
    half = share * length / 2
    return (middle - half).round().clamp(0, length).long(), (middle + half).round().clamp(0, length).long()
