"""Text in styles as a terminal takes it, each code sent only where it differs from the one in force."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

RESET = "\x1b[0m"
_ATTRIBUTES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "blink": "5",
    "reverse": "7",
    "strike": "9",
    "underline2": "21",
    "overline": "53",
}


_UNSEEN_ON_BLANKS = frozenset("123")


class Pen(NamedTuple):
    """How a terminal writes."""

    attributes: frozenset[str] = frozenset()
    """Codes of bold, reverse and so on."""
    text: str = "39"
    """Code of the text's colour; 39 is the terminal's own, and empty stands for any, as for blanks."""
    ground: str = "49"
    """Code of the colour behind it; 49 is the terminal's own."""

    def taking(self, other: Pen) -> Pen:
        """The other, and where it leaves something open, this one."""
        if other.text:
            return other
        return Pen(other.attributes | (self.attributes & _UNSEEN_ON_BLANKS), self.text, other.ground)

    def to(self, other: Pen) -> str:
        """The codes that lead from this way of writing to another; empty where they are the same."""
        if not self.attributes <= other.attributes:  # what is on can only be switched off all at once
            return "\x1b[" + ";".join(["0", *Pen()._news(other)]) + "m"
        news = self._news(other)
        return "\x1b[" + ";".join(news) + "m" if news else ""

    def _news(self, other: Pen) -> list[str]:
        colours = [new for old, new in ((self.text, other.text), (self.ground, other.ground)) if old != new]
        return [*sorted(other.attributes - self.attributes), *colours]


def written(pieces: Iterable[tuple[str, Style | None]], system: ColorSystem) -> str:
    """Pieces of text one after the other; those without a style, such as moves of the cursor, change none.

    Args:
        pieces: Text with its style; a style without a text colour is for blanks.
        system: Which colours the terminal has; others become the nearest of them.
    """
    pen, out = Pen(), []
    for text, style in pieces:
        if style is not None:
            wanted = pen.taking(_pen(style, system))
            out.append(pen.to(wanted))
            pen = wanted
        out.append(text)
    return "".join([*out, RESET])


@lru_cache(4096)
def _pen(style: Style, system: ColorSystem) -> Pen:
    attributes = frozenset(code for name, code in _ATTRIBUTES.items() if getattr(style, name))
    text = style.color.downgrade(system).get_ansi_codes(foreground=True) if style.color else ()
    ground = (style.bgcolor or _OWN).downgrade(system).get_ansi_codes(foreground=False)
    return Pen(attributes, ";".join(text), ";".join(ground))


_OWN = Color.default()
