"""Colour jitter: brightness, contrast, saturation and hue, each image its own."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from tp1tui.data import colours
from tp1tui.data.draws import Epoch, PixelDraws
from tp1tui.spec.augmentation import ColourJitter


@dataclass(frozen=True)
class Jitter(PixelDraws):
    """Factors, and a shift of hue, each float32 [N]; None for what is left alone."""

    brightness: Tensor | None
    contrast: Tensor | None
    saturation: Tensor | None
    hue: Tensor | None

    def apply(self, pixels: Tensor, span: slice) -> Tensor:
        """Change the colours of a batch."""
        if self.brightness is not None:
            pixels = colours.brightness(pixels, _each(self.brightness, span))
        if self.contrast is not None:
            pixels = colours.contrast(pixels, _each(self.contrast, span))
        if self.saturation is not None:
            pixels = colours.saturation(pixels, _each(self.saturation, span))
        if self.hue is not None:
            pixels = colours.hue(pixels, _each(self.hue, span))
        return pixels


def draw_jitter(step: ColourJitter, epoch: Epoch) -> Jitter:
    """Draw the factors of an epoch; each is drawn whether it is wanted or not, so that one shifts no other."""
    draws = epoch.generator("colour-jitter")
    brightness, contrast, saturation = (
        epoch.between(max(0.0, 1 - strength), 1 + strength, draws)
        for strength in (step.brightness, step.contrast, step.saturation)
    )
    hue = epoch.between(-step.hue, step.hue, draws)
    return Jitter(
        brightness if step.brightness else None,
        contrast if step.contrast else None,
        saturation if step.saturation else None,
        hue if step.hue else None,
    )


def _each(draw: Tensor, span: slice) -> Tensor:
    return draw[span].view(-1, 1, 1, 1)
