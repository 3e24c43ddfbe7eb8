"""Styles without any colour: what colour behind the text told is told in reverse, or by a line under it."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tp1tui.tui.themes import DARK

STANDS_OUT = 0.16
"""How much lighter, of 0 to 1, than the screen a cell's ground must be to stand out: cursors, open pages, buttons."""
DIFFERS = 0.09
"""The same for what is chosen where the keys do not go now. Bars and dialogs lie less over the screen than this."""


class NoColours(LineFilter):
    """Stands between what widgets draw, in the dark look, and the terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments in the terminal's own two colours."""
        return [Segment(text, _plain(style) if style else style, control) for text, style, control in segments]


@lru_cache(4096)
def _plain(style: Style) -> Style:
    ground = style.bgcolor
    own = ground is None or ground.is_default
    rise = 0.0 if own else Color.from_rich_color(ground).brightness - _SCREEN
    reverse = bool(style.reverse) != (rise > STANDS_OUT)
    return style + _OWN + Style(reverse=reverse, underline=bool(style.underline) or DIFFERS < rise <= STANDS_OUT)


_SCREEN = Color.parse(str(DARK.background)).brightness
_OWN = Style.from_color(RichColor.default(), RichColor.default())
