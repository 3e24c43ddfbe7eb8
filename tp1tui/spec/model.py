"""Networks: a list of layers and how their weights begin, or a network of another kind."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from tp1tui.spec.faults import Misfit
from tp1tui.spec.layers import Layer, layer_names
from tp1tui.spec.part import Part
from tp1tui.spec.timm_transformer import TimmTransformer
from tp1tui.spec.transformer import VisionTransformer


class TorchInit(Part):
    """The initial weights that torch gives each kind of layer (Kaiming uniform for convolutions and affine maps)."""

    kind: Literal["torch"] = "torch"


class NormalInit(Part):
    """Weights drawn from N(0, std), biases 0: the subject's choice in parts A-B."""

    kind: Literal["normal"] = "normal"
    std: float = Field(default=0.3, gt=0)


Init = Annotated[TorchInit | NormalInit, Field(discriminator="kind")]


class LayeredModel(Part):
    """A network that is its layers, one after the other."""

    kind: Literal["layers"] = "layers"
    layers: tuple[Layer, ...] = Field(min_length=1)
    init: Init = TorchInit()

    @model_validator(mode="after")
    def _names_once(self) -> LayeredModel:
        names = layer_names(self.layers)
        for place, name in enumerate(names):
            if name in names[:place]:
                raise Misfit(("layers", place), f"is a second layer named {name}; each name may stand once")
        return self

    def has(self, kind: str) -> bool:
        """Whether a layer of this kind stands in the list."""
        return any(layer.kind == kind for layer in self.layers)


def _kind(value: object) -> object:
    """A model without a kind is a list of layers."""
    return value.get("kind", "layers") if isinstance(value, dict) else getattr(value, "kind", None)


Model = Annotated[
    Annotated[LayeredModel, Tag("layers")]
    | Annotated[VisionTransformer, Tag("vit")]
    | Annotated[TimmTransformer, Tag("timm")],
    Discriminator(_kind),
]
