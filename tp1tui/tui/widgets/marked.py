"""What the mouse has marked, drawn."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


def marked(strip: Strip, span: tuple[int, int], style: Style) -> Strip:
    """A strip with the cells from span[0] up to span[1], -1 for its end, in another style."""
    start = min(span[0], strip.cell_length)
    end = strip.cell_length if span[1] == -1 else min(span[1], strip.cell_length)
    middle = Strip(Segment.apply_style(strip.crop(start, end), post_style=style))
    return Strip.join([strip.crop(0, start), middle, strip.crop(end)])
