"""From raw inputs to what the network sees: one multiply and one add (questions cd19 and cd20)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.inputs import ChannelStandardization, ConstantStandardization

PIXEL_MAX = 255.0


@dataclass(frozen=True)
class Scaling:
    """x · scale + shift, by channel or feature."""

    scale: Tensor
    """float32 [C, 1, 1] for images, [F] for points."""
    shift: Tensor

    def apply(self, raw: Tensor) -> Tensor:
        """Make a batch of raw examples into inputs.

        Args:
            raw: uint8 [B, H, W, C] or float32 [B, F].

        Returns:
            float32 [B, C, H, W], channels last in memory, or float32 [B, F].
        """
        inputs = raw.permute(0, 3, 1, 2) if raw.dim() == 4 else raw
        return torch.addcmul(self.shift, inputs.to(torch.float32), self.scale)


def scaling_of(experiment: Experiment, train_inputs: Tensor) -> Scaling:
    """The experiment's standardization; without it, pixels are scaled to [0, 1] and points stay as they are.

    Args:
        experiment: What is trained.
        train_inputs: uint8 [N, H, W, C] or float32 [N, F]. Statistics come from the training set only (cd20).
    """
    is_image = train_inputs.dim() == 4
    unit = PIXEL_MAX if is_image else 1.0
    channels = train_inputs.shape[-1]
    mean, std = [0.0] * channels, [1.0] * channels
    standardization = experiment.standardization
    if standardization.enabled:
        match standardization:
            case ConstantStandardization():
                mean, std = list(standardization.mean), list(standardization.std)
            case ChannelStandardization():
                mean, std = channel_statistics(train_inputs)
    trailing = (1, 1) if is_image else ()
    scale = torch.tensor([1 / (unit * s) for s in std], dtype=torch.float32)
    shift = torch.tensor([-m / s for m, s in zip(mean, std, strict=True)], dtype=torch.float32)
    device = train_inputs.device
    return Scaling(scale.view(-1, *trailing).to(device), shift.view(-1, *trailing).to(device))


def channel_statistics(inputs: Tensor) -> tuple[list[float], list[float]]:
    """Mean and deviation of each channel over all examples and pixels, pixels scaled to [0, 1].

    Sums run over blocks in float64, so that 50,000 images need no copy of the whole set and lose no digits.
    """
    unit = PIXEL_MAX if inputs.dtype == torch.uint8 else 1.0
    total = torch.zeros(inputs.shape[-1], dtype=torch.float64, device=inputs.device)
    squares = torch.zeros_like(total)
    for block in inputs.split(1000):
        values = block.reshape(-1, inputs.shape[-1]).to(torch.float64) / unit
        total += values.sum(0)
        squares += values.square().sum(0)
    count = inputs[..., 0].numel()
    mean = total / count
    variance = (squares / count - mean.square()).clamp_min(0)
    deviation = torch.where(variance > 0, variance.sqrt(), torch.ones_like(variance))
    return mean.tolist(), deviation.tolist()
