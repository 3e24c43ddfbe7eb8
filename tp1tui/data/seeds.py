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
    "dropout-resumed",
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


def seed_for(seed: int, epoch: int, purpose: Purpose, part: int = 0) -> int:
    """A 63-bit seed that depends on all of these and looks unrelated for any two of them.

    Args:
        seed: The experiment's.
        epoch: In which something is drawn.
        purpose: What for.
        part: Of a batch, where several processes share each.
    """
    whole = f"{seed} {epoch} {purpose}"
    digest = hashlib.blake2b((f"{whole} {part}" if part else whole).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def generator(seed: int, epoch: int, purpose: Purpose) -> torch.Generator:
    """A generator of its own for one purpose in one epoch.

    On the CPU always: so that every device draws the same.
    """
    return torch.Generator().manual_seed(seed_for(seed, epoch, purpose))
