"""Styles without any colour: what colour behind the text told is told in reverse."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

STANDS_OUT = 0.16
"""How much lighter or darker, of 0 to 1, than the pane a cell's ground must be to stand out: cursors, buttons and the
scrollbar's thumb do; bars and dialogs, which lie a shade over the screen, do not."""


class NoColours(LineFilter):
    """Stands between what widgets draw and the terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments in the terminal's own two colours."""
        pane = background.brightness
        return [
            Segment(text, _plain(style, round(pane, 2)) if style else style, control)
            for text, style, control in segments
        ]


@lru_cache(4096)
def _plain(style: Style, pane: float) -> Style:
    ground = style.bgcolor
    stands_out = (
        ground is not None
        and not ground.is_default
        and abs(Color.from_rich_color(ground).brightness - pane) > STANDS_OUT
    )
    return style + _OWN + Style(reverse=bool(style.reverse) != stands_out)


_OWN = Style.from_color(RichColor.default(), RichColor.default())
