"""What a terminal can show, and the colours and characters that stand for values on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.terminal.ability import Ability

SHADES = " .:-=+*#%@"
"""From dark to light, or from little to much, where there are no colours."""
_RAMP = (0x101C3A, 0x1F5FAE, 0x45A7A0, 0xE8C55A, 0xFFF2C4)
"""Rises in lightness from end to end, so that it reads the same to the colour-blind and in grey."""
_DARK, _LIGHT = 0x10141B, 0xFFFFFF


@dataclass(frozen=True)
class Ink:
    """What to draw with."""

    coloured: bool = True
    """Whether cells may have any colour."""
    glyphs: Glyphs = Glyphs.BRAILLE

    @classmethod
    def of(cls, ability: Ability, glyphs: Glyphs) -> Ink:
        """On a terminal. Sixteen colours are too few to stand for values: shades and signs tell them there, too."""
        return cls(ability.colours in ("truecolor", "256"), glyphs)

    @property
    def has_blocks(self) -> bool:
        """Whether half blocks may stand for two pixels."""
        return self.coloured and self.glyphs is not Glyphs.ASCII


def paint(text: int | None, ground: int | None) -> str:
    """Colours as a line view takes them: `#ffffff on #10141b`.

    Args:
        text: 0xRRGGBB; None for the widget's own.
        ground: The same of what lies behind.
    """
    front = f"#{text:06x}" if text is not None else ""
    behind = f"on #{ground:06x}" if ground is not None else ""
    return " ".join(filter(None, (front, behind)))


def share_of(value: float, low: float, high: float) -> float:
    """Where a value lies between two others: 0 to 1; one half where they are the same, or as good as that."""
    half_low, half_high = low / 2, high / 2  # their difference fits in a float, whatever they are
    if half_high <= half_low:
        return 0.5
    return min(1.0, max(0.0, (value / 2 - half_low) / (half_high - half_low)))


def ramp(share: float) -> int:
    """The colour, 0xRRGGBB, of a share from 0 to 1: dark blue to pale yellow."""
    return blend(_RAMP, share)


def blend(colours: Sequence[int], share: float) -> int:
    """The colour at a share, 0 to 1, of the way along evenly spaced colours; all 0xRRGGBB."""
    place = min(1.0, max(0.0, share)) * (len(colours) - 1)
    below = min(int(place), len(colours) - 2)
    part, ends = place - below, (colours[below].to_bytes(3), colours[below + 1].to_bytes(3))
    return int.from_bytes(bytes(round(a + (b - a) * part) for a, b in zip(*ends, strict=True)))


def readable_on(ground: int) -> int:
    """Black or white, whichever is read more easily on a colour; all 0xRRGGBB."""
    return _DARK if lightness(ground) > 0.45 else _LIGHT


def lightness(colour: int) -> float:
    """How light a colour, 0xRRGGBB, looks: 0 to 1."""
    red, green, blue = colour.to_bytes(3)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def shade(share: float) -> str:
    """The character of a share from 0 to 1."""
    return SHADES[round(min(1.0, max(0.0, share)) * (len(SHADES) - 1))]
