"""From raw inputs to what the network sees: in most cases one multiply and one add (questions cd19 to cd21)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from tp1tui.data.placing import centre
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.inputs import (
    ChannelStandardization,
    ConstantStandardization,
    ImageStandardization,
    PixelStandardization,
)

PIXEL_MAX = 255.0


class Standardizer(Protocol):
    """What makes a batch of examples into inputs."""

    def apply(self, raw: Tensor) -> Tensor:
        """Standardize a batch.

        Args:
            raw: uint8 [B, H, W, C], the same as floats in [0, 1], whitened floats [B, H, W, C], or points [B, F].

        Returns:
            float32 [B, C, H, W], channels last in memory, or float32 [B, F].
        """
        ...


@dataclass(frozen=True)
class Scaling:
    """x · scale + shift, by channel, pixel or feature."""

    scale: Tensor
    """float32 [C, 1, 1] for images, [F] for points; of pixels in [0, 1]."""
    shift: Tensor
    """float32 of the same shape, or [C, H, W] for images."""

    def apply(self, raw: Tensor) -> Tensor:
        """As `Standardizer.apply`, in one multiply-add."""
        scale = self.scale / PIXEL_MAX if raw.dtype == torch.uint8 else self.scale
        return torch.addcmul(self._shift(raw), _channels_first(raw).to(torch.float32), scale)

    def _shift(self, raw: Tensor) -> Tensor:
        """Of the middle where images are cropped and every pixel has its own."""
        if self.shift.dim() < 3 or self.shift.shape[1:] in ((1, 1), raw.shape[1:3]):
            return self.shift
        return centre(self.shift.permute(1, 2, 0), raw.shape[1]).permute(2, 0, 1)


class Unchanged:
    """Points as they are."""

    def apply(self, raw: Tensor) -> Tensor:
        """As `Standardizer.apply`."""
        return raw


@dataclass(frozen=True)
class ByImage:
    """(x - mean) / deviation of each channel of each image by itself."""

    def apply(self, raw: Tensor) -> Tensor:
        """As `Standardizer.apply`."""
        # Sums run along memory while each channel lies by itself; the network wants them side by side again.
        inputs = _channels_first(raw).to(torch.float32, memory_format=torch.contiguous_format)
        level = 1.0 if raw.dtype == torch.uint8 else 1 / PIXEL_MAX
        variance, mean = torch.var_mean(inputs.flatten(2), 2, correction=0, keepdim=True)
        scale = variance.sqrt().clamp_min(level).reciprocal()
        return torch.addcmul((-mean * scale)[..., None], inputs, scale[..., None]).contiguous(
            memory_format=torch.channels_last
        )


def standardizer_of(experiment: Experiment, train_inputs: Tensor) -> Standardizer:
    """The experiment's standardization; without it, pixels are scaled to [0, 1] and points stay as they are.

    Args:
        experiment: What is trained.
        train_inputs: uint8 [N, H, W, C], float32 [N, F], or what `tp1tui.data.whitened` made of images, which stays as
            it is. Statistics come from the training set only (cd20).
    """
    channels = train_inputs.shape[-1]
    mean, std = [0.0] * channels, [1.0] * channels
    standardization = experiment.standardization
    if not standardization.enabled and train_inputs.dtype == torch.float32:
        return Unchanged()
    if standardization.enabled:
        match standardization:
            case ConstantStandardization():
                mean, std = list(standardization.mean), list(standardization.std)
            case ChannelStandardization():
                mean, std = channel_statistics(train_inputs)
            case ImageStandardization():
                return ByImage()
            case PixelStandardization():
                return Scaling(_by_channel([1.0] * channels, train_inputs), -mean_image(train_inputs).permute(2, 0, 1))
    scale = _by_channel([1 / s for s in std], train_inputs)
    return Scaling(scale, _by_channel([-m / s for m, s in zip(mean, std, strict=True)], train_inputs))


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


def mean_image(images: Tensor) -> Tensor:
    """Mean of each pixel and channel over all images, float32 [H, W, C], pixels scaled to [0, 1]."""
    total = torch.zeros(images.shape[1:], dtype=torch.float64, device=images.device)
    for block in images.split(1000):
        total += block.sum(0, dtype=torch.float64)
    return (total / (PIXEL_MAX * len(images))).to(torch.float32)


def _by_channel(values: list[float], like: Tensor) -> Tensor:
    """A number for each channel of images, or feature of points, as it is multiplied with them."""
    trailing = (1, 1) if like.dim() == 4 else ()
    return torch.tensor(values, dtype=torch.float32, device=like.device).view(-1, *trailing)


def _channels_first(raw: Tensor) -> Tensor:
    return raw.permute(0, 3, 1, 2) if raw.dim() == 4 else raw
