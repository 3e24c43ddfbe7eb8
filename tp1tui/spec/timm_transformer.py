"""Vision transformers of the timm library as data (question e08)."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.part import Count, Part
from tp1tui.spec.transformer import VisionTransformer

TimmName = Literal["vit_small_patch16_224", "vit_tiny_patch16_224"]

RANDOM, IMAGENET = "random", "imagenet"
WEIGHTS_FILE = ".safetensors"
"""How names of weights files end; one of this format is read without running anything in it."""

_SIZES: dict[TimmName, tuple[int, int, int]] = {
    "vit_small_patch16_224": (384, 12, 6),
    "vit_tiny_patch16_224": (192, 12, 3),
}
"""Width, blocks and heads (Touvron et al., 2021, table 1)."""


class TimmTransformer(Part):
    """One of timm's vision transformers, built for the dataset's images: their size, their channels, its classes."""

    kind: Literal["timm"] = "timm"
    name: TimmName = "vit_small_patch16_224"
    """As timm calls it. The numbers in it tell the patch and the image that its ImageNet weights were trained with."""
    patch: Count = 7
    """Pixels on a side of the square patches that an image is cut into."""
    weights: str = RANDOM
    """The first ones: "random", drawn from the seed; "imagenet", fetched once; or the path of a .safetensors file."""

    @model_validator(mode="after")
    def _weights_are_known(self) -> TimmTransformer:
        if self.weights not in (RANDOM, IMAGENET) and not self.weights.endswith(WEIGHTS_FILE):
            problem = (
                f'is "{self.weights}", but must be "{RANDOM}", "{IMAGENET}" or the path of a {WEIGHTS_FILE} file, '
                "the one format that runs nothing when it is read"
            )
            raise Misfit(("weights",), problem)
        return self

    @property
    def plan(self) -> VisionTransformer:
        """The same network in the words of our own transformer, for the layer table."""
        width, blocks, heads = _SIZES[self.name]
        return VisionTransformer(patch=self.patch, width=width, blocks=blocks, heads=heads, positions="learned")

    def has(self, kind: str) -> bool:
        """Whether there is a place for layers of this kind: a transformer has none for those that switches move."""
        return self.plan.has(kind)
