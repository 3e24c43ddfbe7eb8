"""Vision transformers of the timm library, an extra of tp1tui: imported once a run asks for one (question e08)."""

from __future__ import annotations

from types import ModuleType

from torch import nn

from tp1tui.spec.timm_transformer import TimmTransformer


class NetworkError(Exception):
    """A network that cannot be had as it was asked for. Its text is a sentence."""


def build_timm(model: TimmTransformer, shape: tuple[int, ...], classes: int) -> nn.Module:
    """Build one of timm's networks with weights that timm draws; `tp1tui.engine.pretrained` replaces them.

    Args:
        model: Which.
        shape: Of one image, [C, H, W].
        classes: Logits that it gives.

    Raises:
        NetworkError: timm is not installed.
    """
    network: nn.Module = require_timm().create_model(
        model.name, img_size=shape[-1], patch_size=model.patch, in_chans=shape[0], num_classes=classes
    )
    return network


def require_timm() -> ModuleType:
    """The library.

    Raises:
        NetworkError: It is not installed, or one that it needs is not; the sentence says how to install it.
    """
    try:
        import safetensors  # noqa: F401 - without it timm would read files that can run code
        import timm
    except ImportError as error:
        msg = (
            f'A network of kind "timm" needs an extra ({error}). '
            "Install it with: pip install 'tp1tui[timm]'. Then start again."
        )
        raise NetworkError(msg) from None
    return timm
