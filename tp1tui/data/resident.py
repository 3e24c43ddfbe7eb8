"""A dataset that lives on the device, and batches cut from it by whole-batch operations.

Images stay uint8 until their batch is wanted: a batch is an index, one gather (crops and mirror images included) and
one multiply-add, and what other augmentations add. Whitened images are float16. Nothing is done image by image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tp1tui.data.arrays import Examples
from tp1tui.data.placing import centre
from tp1tui.data.plan import EpochPlan
from tp1tui.data.standardize import PIXEL_MAX, Standardizer, standardizer_of
from tp1tui.data.whitened import whitened
from tp1tui.spec.experiment import Experiment


@dataclass(frozen=True)
class ResidentSet:
    """Examples on a device."""

    inputs: Tensor
    """uint8 [N, H, W, C] for images, float16 for whitened ones, float32 [N, F] for points."""
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

    `augment` is the switch: on, training batches are changed by the epoch's plan and test batches are centre crops if
    training crops; off, both are whole. Images that the experiment wants whitened are whitened here, unless that is
    done already.
    """

    def __init__(self, experiment: Experiment, examples: Examples, device: torch.device) -> None:
        examples = whitened(experiment, examples, device)
        self.train = ResidentSet.of(examples.train_inputs, examples.train_labels, device)
        self.test = ResidentSet.of(examples.test_inputs, examples.test_labels, device)
        self.validation: ResidentSet | None = None
        """Held out of the training set; None where nothing is."""
        if examples.validation_inputs is not None and examples.validation_labels is not None:
            self.validation = ResidentSet.of(examples.validation_inputs, examples.validation_labels, device)
        self.device = device
        self.augment = experiment.augmentation.enabled
        self._augmentation = experiment.augmentation
        self._batch_size = experiment.batch_size
        self._seed = experiment.seed
        self._classes = len(experiment.facts.class_names)
        self._standardizer: Standardizer = standardizer_of(experiment, self.train.inputs)
        self._points: tuple[EpochPlan, list[tuple[Tensor, Tensor]]] | None = None

    def share(self, other: ResidentData) -> None:
        """Keep one copy with another experiment's data of those sets that hold the very same examples."""
        self.train, self.test = _one_copy(self.train, other.train), _one_copy(self.test, other.test)

    def plan(self, epoch: int) -> EpochPlan:
        """The order and all augmentation of one epoch, the same whenever it is asked for."""
        shape = tuple(self.train.inputs.shape)
        return EpochPlan.draw(self._augmentation, shape, self._batch_size, self._seed, epoch, self.device)

    def training_batch(self, plan: EpochPlan, number: int) -> tuple[Tensor, Tensor]:
        """One batch of an epoch.

        Args:
            plan: Of the epoch.
            number: Of the batch, from 0.

        Returns:
            Inputs float32 [B, C, H, W] (channels last in memory) or [B, F], and labels: int64 [B], or after mixup and
            cutmix soft ones, float32 [B, K] whose rows sum to 1.
        """
        if self.train.inputs.dim() == 2:
            return self._batches_of_points(plan)[number]
        chosen = plan.examples(number)
        images, labels = self.train.inputs, self.train.labels.index_select(0, chosen)
        if not self.augment:
            return self._standardizer.apply(images.index_select(0, chosen)), labels
        raw = plan.gather(images, number)
        if plan.pixel_steps:
            raw = plan.change(_pixels(raw), number).permute(0, 2, 3, 1).contiguous()
        inputs = plan.erase(self._standardizer.apply(raw), number)
        return plan.mix(inputs, labels, self._classes, number)

    def _batches_of_points(self, plan: EpochPlan) -> list[tuple[Tensor, Tensor]]:
        """All batches of an epoch: points are so small that they are gathered once, and each batch is a view."""
        if self._points is None or self._points[0] is not plan:
            inputs = self._standardizer.apply(self.train.inputs.index_select(0, plan.order))
            labels = self.train.labels.index_select(0, plan.order)
            batches = zip(inputs.split(plan.batch_size), labels.split(plan.batch_size), strict=True)
            self._points = (plan, list(batches))
        return self._points[1]

    def measuring_batch(self, examples: ResidentSet, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """Examples start to stop as they are measured: never random, centre crops when augmentation crops."""
        raw = examples.inputs[start:stop]
        crop = self._augmentation.crop if self.augment else None
        if crop is not None and (crop.size, crop.size) != raw.shape[1:3]:
            raw = centre(raw, crop.size)
        return self._standardizer.apply(raw), examples.labels[start:stop]


def _one_copy(mine: ResidentSet, its: ResidentSet) -> ResidentSet:
    same = torch.equal(mine.labels, its.labels) and torch.equal(mine.inputs, its.inputs)
    return its if same else mine


def _pixels(raw: Tensor) -> Tensor:
    """Images [B, H, W, C] as float32 [B, C, H, W]: levels scaled to [0, 1], whitened ones as they are.

    Channels first in memory, too: changes of colour and place run along rows, several times as fast.
    """
    pixels = raw.permute(0, 3, 1, 2).to(torch.float32, memory_format=torch.contiguous_format)
    return pixels.div_(PIXEL_MAX) if raw.dtype == torch.uint8 else pixels
