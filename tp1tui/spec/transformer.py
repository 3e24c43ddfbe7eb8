"""A vision transformer as data (Dosovitskiy et al., 2021; part E of the subject)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.part import Count, Part

Positions = Literal["sinusoidal", "learned", "none"]
Pool = Literal["class-token", "mean"]


class VisionTransformer(Part):
    """Patches as tokens, blocks of self-attention and MLP over them, one affine map at the end."""

    kind: Literal["vit"] = "vit"
    patch: Count
    """Pixels on a side of the square patches that an image is cut into (question e01)."""
    width: Count
    """Features of a token, d."""
    blocks: Annotated[int, Field(ge=1, le=64)]
    """Of self-attention and MLP, one after the other (question e05)."""
    heads: Count
    """Of each self-attention; each sees `width / heads` features (question e04)."""
    mlp_ratio: Annotated[int, Field(ge=1, le=64)] = 4
    """Hidden units of each block's MLP, as a multiple of `width` (question e02)."""
    positions: Positions = "sinusoidal"
    """How tokens know their place (question e06): fixed sines and cosines, learned numbers, or not at all."""
    pool: Pool = "class-token"
    """What the classifier looks at (question e06): a token of its own that was added in front, or the mean of all."""
    attention: Literal["fused", "written-out"] = "fused"
    """torch's attention in one kernel, or the same step by step, as question e03 writes it; equal to rounding."""

    @model_validator(mode="after")
    def _agrees(self) -> VisionTransformer:
        if self.width % self.heads:
            fitting = ", ".join(str(heads) for heads in range(1, self.width + 1) if not self.width % heads)
            problem = f"is {self.heads}, but must divide the width of {self.width}: {fitting}"
            raise Misfit(("heads",), problem)
        if self.positions == "sinusoidal" and self.width % 2:
            problem = f"is {self.width}, but sinusoidal positions take an even width: one sine and one cosine each"
            raise Misfit(("width",), problem)
        return self

    def has(self, kind: str) -> bool:
        """Whether there is a place for layers of this kind: a transformer has none for those that switches move."""
        return False

    def tokens(self, side: int) -> int:
        """How many tokens an image of `side` by `side` pixels becomes, the class token counted."""
        return (side // self.patch) ** 2 + (self.pool == "class-token")


def check_patches(kind: str, patch: int, shape: tuple[int, ...], title: str) -> None:
    """Hold a transformer against what it is to look at.

    Args:
        kind: Of the model.
        patch: Pixels on a side of its patches.
        shape: Of one example.
        title: Of the dataset.

    Raises:
        Misfit: It cannot be cut into patches; the keys begin below the model.
    """
    if len(shape) != 3:
        raise Misfit(("kind",), f'is "{kind}", which cuts images into patches, but {title} are points')
    side = shape[-1]
    if side % patch:
        fitting = ", ".join(str(divisor) for divisor in range(1, side + 1) if not side % divisor)
        raise Misfit(("patch",), f"is {patch}, but must divide the images' {side} pixels: {fitting}")
