"""Seeds for every purpose, from one."""

from __future__ import annotations

import hashlib
from typing import Literal

import torch

Purpose = Literal[
    "weights",
    "order",
    "validation",
    "dropout",
    "crop",
    "mirror",
    "vertical-mirror",
    "rotation",
    "affine",
    "colour-jitter",
    "erasing",
    "mixup",
    "cutmix",
    "randaugment",
]


def seed_for(seed: int, epoch: int, purpose: Purpose) -> int:
    """A 63-bit seed that depends on all three and looks unrelated for any two of them."""
    digest = hashlib.blake2b(f"{seed} {epoch} {purpose}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def generator(seed: int, epoch: int, purpose: Purpose) -> torch.Generator:
    """A generator of its own for one purpose in one epoch.

    On the CPU always: so that every device draws the same.
    """
    return torch.Generator().manual_seed(seed_for(seed, epoch, purpose))
