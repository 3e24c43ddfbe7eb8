"""ZCA whitening: fitted to training images, applied to any (question cd21)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tp1tui.data.arrays import Bytes

BLOCK = 1024
"""Images at a time. Their levels less 128 are whole numbers up to 128, and so many of their products add to 2**24 at
most: float32 holds every sum exactly and TF32 every factor. So the covariance is exact at float32's speed."""
MIDDLE = 128
LEVELS = 255

Whitened = npt.NDArray[np.float16]


@dataclass(frozen=True)
class Whitening:
    """What was fitted: of C·H·W pixels, pixels scaled to [0, 1]."""

    mean: Tensor
    """float64 [F]: the training set's mean image."""
    matrix: Tensor
    """float64 [F, F], symmetric."""

    def apply(self, images: Bytes) -> Whitened:
        """Whiten images.

        float16 keeps a value to 1 part in 2,000, far finer than the 255 levels that it came from, and takes half the
        memory of float32: 369 MB for all of CIFAR-10.

        Args:
            images: uint8 [N, H, W, C].

        Returns:
            float16 [N, H, W, C].
        """
        device = self.mean.device
        # Differences of neighbouring pixels are what is left over: on a GPU, TF32 would round them away.
        dtype = torch.float32 if device.type == "cpu" else torch.float64
        matrix = (self.matrix / LEVELS).to(dtype)
        offset = (self.mean @ self.matrix).to(dtype)
        whitened = np.empty(images.shape, dtype=np.float16)
        for start in range(0, len(images), BLOCK):
            block = _block(images, start, device).to(dtype)
            result = torch.addmm(offset, block, matrix, beta=-1)
            whitened[start : start + BLOCK] = result.to(torch.float16).cpu().numpy().reshape(-1, *images.shape[1:])
        return whitened


def fit(images: Bytes, epsilon: float, device: torch.device) -> Whitening:
    """Find the directions in which training images vary, and how to make them vary alike.

    Args:
        images: uint8 [N, H, W, C]; the training set and nothing else (question cd20).
        epsilon: Added to each direction's variance.
        device: Where to compute.
    """
    mean, covariance = moments(images, device)
    variances, directions = torch.linalg.eigh(covariance)
    matrix = (directions * (variances.clamp_min(0) + epsilon).rsqrt()) @ directions.T
    return Whitening(mean, matrix)


def moments(images: Bytes, device: torch.device) -> tuple[Tensor, Tensor]:
    """Mean float64 [F] and covariance float64 [F, F] of images uint8 [N, H, W, C] as vectors scaled to [0, 1]."""
    features = int(np.prod(images.shape[1:]))
    total = torch.zeros(features, dtype=torch.float64, device=device)
    products = torch.zeros(features, features, dtype=torch.float64, device=device)
    for start in range(0, len(images), BLOCK):
        block = _block(images, start, device).to(torch.float32) - MIDDLE
        total += block.sum(0, dtype=torch.float64)
        products += block.T @ block
    mean = total / len(images)
    covariance = products / len(images) - torch.outer(mean, mean)
    return (mean + MIDDLE) / LEVELS, covariance / LEVELS**2


def _block(images: Bytes, start: int, device: torch.device) -> Tensor:
    """Some images as vectors, uint8 [BLOCK or less, F]."""
    return torch.tensor(images[start : start + BLOCK], device=device).flatten(1)
