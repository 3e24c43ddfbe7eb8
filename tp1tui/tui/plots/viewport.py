"""What stretch of the x axis is in sight: arithmetic of zooming and moving, in drawn units.

The whole plot is no stretch of it: while nobody has zoomed in, a plot follows its data. So functions that may end at
the whole plot return None for it.
"""

from __future__ import annotations

from tp1tui.tui.plots.sight import Range

AS_GOOD_AS_ALL = 1e-9
"""Of the whole, how much may be out of sight without being worth the name of a zoom."""


def zoomed(window: Range, whole: Range, times: float, around: float, least: float) -> Range | None:
    """A stretch so many times shorter, in which one place stays where it is; None where that is the whole.

    Args:
        window: What is in sight.
        whole: What there is.
        times: 2 shows half as much, 0.5 twice as much.
        around: The place that stays; the nearest end where it is out of sight.
        least: How short a stretch may be.
    """
    low, high = window
    around = min(max(around, low), high)
    length = min(max((high - low) / times, min(least, high - low)), whole[1] - whole[0])
    if length >= (whole[1] - whole[0]) * (1 - AS_GOOD_AS_ALL):
        return None
    return _inside(around - (around - low) * length / (high - low), length, whole)


def panned(window: Range, whole: Range, part: float) -> Range:
    """A stretch moved by a part of its length, as far as there is something.

    Args:
        window: What is in sight.
        whole: What there is.
        part: 0.5 is half of it to the right, -0.5 to the left.
    """
    length = window[1] - window[0]
    return _inside(window[0] + part * length, length, whole)


def showing(window: Range, whole: Range, place: float) -> Range:
    """The same stretch, or one as long that has a place in its middle, where that lay outside."""
    low, high = window
    if low <= place <= high:
        return window
    return _inside(place - (high - low) / 2, high - low, whole)


def held(window: Range | None, whole: Range) -> Range | None:
    """What is left of a stretch of a plot that has become another one; None where all of it is in sight."""
    if window is None:
        return None
    low, high = max(window[0], whole[0]), min(window[1], whole[1])
    return (low, high) if low < high and (low > whole[0] or high < whole[1]) else None


def _inside(low: float, length: float, whole: Range) -> Range:
    low = max(whole[0], min(low, whole[1] - length))
    return low, low + length
