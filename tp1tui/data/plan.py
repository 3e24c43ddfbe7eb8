"""Every random draw that one epoch's batches need, made at its start.

Drawn from generators seeded by (seed, epoch, purpose), so that a resumed run, in the middle of an epoch too, sees the
very same batches without any state but the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from tp1tui.data.seeds import generator
from tp1tui.spec.inputs import Augmentation


@dataclass(frozen=True)
class EpochPlan:
    """The order of one epoch's examples, and what augmentation does to each."""

    order: Tensor
    """int64 [N]: examples in the order of their use."""
    rows: Tensor | None
    """int64 [N, size]: source rows of each augmented image, in the order of use; None without augmentation steps."""
    columns: Tensor | None
    """int64 [N, size]: source columns, from right to left where the image is mirrored."""
    batch_size: int

    @classmethod
    def draw(
        cls, augmentation: Augmentation, shape: tuple[int, ...], batch_size: int, seed: int, epoch: int
    ) -> EpochPlan:
        """Draw an epoch.

        Args:
            augmentation: Its steps are drawn whether it is enabled or not, so that flipping the switch shifts no
                other draw.
            shape: Of the training inputs, [N, H, W, C] or [N, F].
            batch_size: Examples a batch.
            seed: The experiment's.
            epoch: From 1.
        """
        order = torch.randperm(shape[0], generator=generator(seed, epoch, "order"))
        if not augmentation.steps:
            return cls(order, None, None, batch_size)
        rows, columns = _places(augmentation, shape, seed, epoch)
        return cls(order, rows, columns, batch_size)

    def __len__(self) -> int:
        return -(-len(self.order) // self.batch_size)

    def to(self, device: torch.device) -> EpochPlan:
        """The same plan on a device."""
        rows = None if self.rows is None else self.rows.to(device)
        columns = None if self.columns is None else self.columns.to(device)
        return EpochPlan(self.order.to(device), rows, columns, self.batch_size)

    def examples(self, number: int) -> Tensor:
        """Indices of one batch's examples, int64 [B]."""
        return self.order[self._span(number)]

    def gather(self, images: Tensor, number: int) -> Tensor:
        """One batch, augmented: uint8 [B, size, size, C] of uint8 [N, H, W, C], in a single gather."""
        if self.rows is None or self.columns is None:
            return images.index_select(0, self.examples(number))
        span = self._span(number)
        return images[self.order[span][:, None, None], self.rows[span][:, :, None], self.columns[span][:, None, :]]

    def _span(self, number: int) -> slice:
        return slice(number * self.batch_size, (number + 1) * self.batch_size)


def _places(augmentation: Augmentation, shape: tuple[int, ...], seed: int, epoch: int) -> tuple[Tensor, Tensor]:
    """Source rows and columns of every augmented image, int64 [N, size] each."""
    count, height, width = shape[:3]
    crop, mirror = augmentation.crop, augmentation.mirror
    size_y, size_x = (crop.size, crop.size) if crop else (height, width)
    draws = generator(seed, epoch, "crop")
    top = torch.randint(height - size_y + 1, (count, 1), generator=draws)
    left = torch.randint(width - size_x + 1, (count, 1), generator=draws)
    rows = top + torch.arange(size_y)
    columns = left + torch.arange(size_x)
    if mirror:
        mirrored = torch.rand(count, 1, generator=generator(seed, epoch, "mirror")) < mirror.p
        columns = torch.where(mirrored, columns.flip(1), columns)
    return rows, columns
