"""Images as counts of visual words: patches, whitened and clustered by k-means.

Bags of words after Csurka et al. (2004), whitened patches as words after Coates et al. (2011).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from sklearn.cluster import MiniBatchKMeans
from torch import Tensor
from torch.nn import functional as F

from tp1tui.measures.job import Tell

PATCH = 6
"""Pixels along one side."""
STRIDE = 2
LEARN_FROM = 60_000
"""Patches that the words are learnt from."""
CONTRAST = 10.0
"""Added to a patch's variance, of pixels from 0 to 255, so that flat patches are not blown up."""
WHITENING = 0.1
"""Added to the variances that patches are whitened by."""
VALUES_AT_ONCE = 1 << 25
"""Distances computed in one batch."""

Images = npt.NDArray[np.uint8]
"""uint8 [N, H, W, C]."""


@dataclass(frozen=True)
class Words:
    """A vocabulary, and what is done to a patch before it is looked up."""

    mean: Tensor
    """float32 [D] with D = PATCH · PATCH · C."""
    whitening: Tensor
    """float32 [D, D]."""
    centres: Tensor
    """float32 [V, D], of whitened patches."""

    def histograms(self, images: Images, tell: Tell) -> npt.NDArray[np.float32]:
        """The square roots of the shares of each word among an image's patches, [N, V].

        Args:
            images: uint8 [N, H, W, C].
            tell: Told how far it is.
        """
        words = len(self.centres)
        half_squares = self.centres.square().sum(1) / 2
        counted: list[Tensor] = []
        done = 0
        for batch in _batches(images, words, self.mean.device):
            tell(f"looking up words: {done:,} of {len(images):,} images")
            patches = _patches(batch)
            whitened = (_normalized(patches) - self.mean) @ self.whitening
            nearest = (whitened @ self.centres.T - half_squares).argmax(-1)
            counts = torch.zeros(len(batch), words, device=batch.device)
            counts.scatter_add_(1, nearest, torch.ones_like(nearest, dtype=torch.float32))
            counted.append((counts / nearest.shape[1]).sqrt().cpu())
            done += len(batch)
        histograms: npt.NDArray[np.float32] = torch.cat(counted).numpy()
        return histograms


def learn(images: Images, words: int, seed: int, device: torch.device) -> Words:
    """Cluster patches of training images into words.

    Args:
        images: uint8 [N, H, W, C]; of the training set only.
        words: How many.
        seed: Of the patches that are drawn, and of k-means.
        device: Where to compute.
    """
    drawn = _drawn(images, max(LEARN_FROM, 10 * words), seed).to(device)
    mean = drawn.mean(0)
    covariance = (drawn - mean).T @ (drawn - mean) / len(drawn)
    variances, directions = torch.linalg.eigh(covariance)
    whitening = directions @ torch.diag((variances.clamp_min(0) + WHITENING).rsqrt()) @ directions.T
    whitened = ((drawn - mean) @ whitening).cpu().numpy()
    clusters = MiniBatchKMeans(words, batch_size=4096, n_init=1, max_iter=10, random_state=seed).fit(whitened)
    centres = torch.from_numpy(np.asarray(clusters.cluster_centers_, dtype=np.float32)).to(device)
    return Words(mean, whitening, centres)


def _drawn(images: Images, count: int, seed: int) -> Tensor:
    """Normalized patches from random places of random images, float32 [count, D]."""
    draws = np.random.default_rng(seed)
    which = draws.integers(0, len(images), count)
    top = draws.integers(0, images.shape[1] - PATCH + 1, count)
    left = draws.integers(0, images.shape[2] - PATCH + 1, count)
    windows = np.lib.stride_tricks.sliding_window_view(images, (PATCH, PATCH), axis=(1, 2))
    patches = windows[which, top, left].reshape(count, -1)  # [count, C, PATCH, PATCH], as unfold lays them out
    return _normalized(torch.from_numpy(patches.astype(np.float32)))


def _batches(images: Images, words: int, device: torch.device) -> Iterator[Tensor]:
    places = ((images.shape[1] - PATCH) // STRIDE + 1) * ((images.shape[2] - PATCH) // STRIDE + 1)
    together = max(1, VALUES_AT_ONCE // (places * words))
    for start in range(0, len(images), together):
        yield torch.tensor(images[start : start + together], device=device)


def _patches(images: Tensor) -> Tensor:
    """All patches of images uint8 [B, H, W, C], float32 [B, places, D]."""
    return F.unfold(images.permute(0, 3, 1, 2).to(torch.float32), PATCH, stride=STRIDE).transpose(1, 2)


def _normalized(patches: Tensor) -> Tensor:
    """Brightness and contrast taken out of each patch."""
    variance, mean = torch.var_mean(patches, -1, keepdim=True)
    return (patches - mean) / (variance + CONTRAST).sqrt()
