"""Which characters a plot is made of. Not every font has braille dots, and not every terminal has blocks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tp1tui.tui.plots.chart import FAINT, LINES, Role


class Glyphs(StrEnum):
    """A choice of characters."""

    BRAILLE = "braille"
    BLOCKS = "blocks"
    ASCII = "ascii"

    @property
    def following(self) -> Glyphs:
        """The next choice, round and round."""
        choices = list(Glyphs)
        return choices[(choices.index(self) + 1) % len(choices)]


@dataclass(frozen=True)
class GlyphSet:
    """The characters of one choice."""

    line: str | None
    """plotext's name of the marker that lines are drawn with; None where each role has its own character."""
    columns: int
    """Points that fit side by side in one cell."""
    dot: str
    spot: str
    upright: str
    cursor: str
    band: str
    shade: str
    above: str
    """Where a value lies over the plot's upper edge."""
    below: str
    frame: dict[int, int]
    """Changes to plotext's frame, as str.translate takes them."""


_NO_CHANGES: dict[int, int] = {}
GLYPHS = {
    Glyphs.BRAILLE: GlyphSet("braille", 2, "•", "◆", "┊", "│", "┈", "░", "↑", "↓", _NO_CHANGES),
    Glyphs.BLOCKS: GlyphSet("hd", 2, "●", "◆", "┊", "│", "┈", "░", "↑", "↓", _NO_CHANGES),
    Glyphs.ASCII: GlyphSet(None, 1, "o", "X", ":", "|", "-", ",", "^", "v", str.maketrans("│┤└┬─", "|++|-")),
}
ASCII_LINES = {
    Role.TRAIN: ".",
    Role.CLEAN: "+",
    Role.TEST: "o",
    Role.VALIDATION: "v",
    Role.RAW: ".",
    Role.SMOOTH: "*",
    Role.REFERENCE: "~",
    Role.LIT: "O",
    **dict(zip(LINES, "*+x#@%=/", strict=True)),
    **dict.fromkeys(FAINT, "."),
}


def sign_drawn(sign: str, role: str | None, glyphs: Glyphs) -> str:
    """A legend's sign as the plot under it draws it; any other text as it is."""
    characters = GLYPHS[glyphs]
    match sign:
        case "•":
            return characters.dot
        case "◆":
            return characters.spot
        case "━" | "│" if characters.line is None and role:
            return ASCII_LINES[Role(role)]
    return sign
