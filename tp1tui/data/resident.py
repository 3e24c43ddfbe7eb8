"""A dataset that lives on the device, and batches cut from it by whole-batch operations.

Images stay uint8 until their batch is wanted: a batch is an index, one gather (crop and mirror included) and one
multiply-add. Nothing is done image by image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tp1tui.data.arrays import Examples
from tp1tui.data.plan import EpochPlan
from tp1tui.data.standardize import Scaling, scaling_of
from tp1tui.spec.experiment import Experiment


@dataclass(frozen=True)
class ResidentSet:
    """Examples on a device."""

    inputs: Tensor
    """uint8 [N, H, W, C] for images, float32 [N, F] for points."""
    labels: Tensor
    """int64 [N]."""

    @classmethod
    def of(cls, inputs: np.ndarray, labels: np.ndarray, device: torch.device) -> ResidentSet:
        """Copy arrays to a device; on a CPU too, so that no page of a mapped file is read while training."""
        return cls(torch.tensor(inputs, device=device), torch.tensor(labels, dtype=torch.int64, device=device))

    def __len__(self) -> int:
        return len(self.labels)


class ResidentData:
    """Training and test set of one experiment, ready to be cut into batches.

    `augment` is the switch: on, training batches are cropped and mirrored by the epoch's plan and test batches are
    centre crops; off, both are whole.
    """

    def __init__(self, experiment: Experiment, examples: Examples, device: torch.device) -> None:
        self.train = ResidentSet.of(examples.train_inputs, examples.train_labels, device)
        self.test = ResidentSet.of(examples.test_inputs, examples.test_labels, device)
        self.device = device
        self.augment = experiment.augmentation.enabled
        self._augmentation = experiment.augmentation
        self._batch_size = experiment.batch_size
        self._seed = experiment.seed
        self._scaling: Scaling = scaling_of(experiment, self.train.inputs)

    def plan(self, epoch: int) -> EpochPlan:
        """The order, crops and mirror images of one epoch, the same whenever they are asked for."""
        shape = tuple(self.train.inputs.shape)
        return EpochPlan.draw(self._augmentation, shape, self._batch_size, self._seed, epoch).to(self.device)

    def training_batch(self, plan: EpochPlan, number: int) -> tuple[Tensor, Tensor]:
        """One batch of an epoch.

        Args:
            plan: Of the epoch.
            number: Of the batch, from 0.

        Returns:
            Inputs float32 [B, C, H, W] (channels last in memory) or [B, F], and labels int64 [B].
        """
        chosen = plan.examples(number)
        images = self.train.inputs
        raw = plan.gather(images, number) if self.augment else images.index_select(0, chosen)
        return self._scaling.apply(raw), self.train.labels.index_select(0, chosen)

    def measuring_batch(self, examples: ResidentSet, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """Examples start to stop as they are measured: never random, centre crops when augmentation crops."""
        raw = examples.inputs[start:stop]
        crop = self._augmentation.crop if self.augment else None
        if crop is not None:
            top, left = (raw.shape[1] - crop.size) // 2, (raw.shape[2] - crop.size) // 2
            raw = raw[:, top : top + crop.size, left : left + crop.size]
        return self._scaling.apply(raw), examples.labels[start:stop]
