"""What a newcomer is told beside the first run, each thing when it is there to be seen."""

from __future__ import annotations

from tp1tui.spec.numbers import percent
from tp1tui.tui.run.live import has_boundary
from tp1tui.tui.run.look import Look

READING = 2.0
"""Seconds of training before the next thing is pointed at."""
STARTING = "A worker is starting: a program of its own, which goes on if you close this window. It takes some seconds."
CURVES = (
    "Its loss, falling: ━ on the 200 points that it trains on, • on 200 others, which is what counts. "
    "2 shows how many of them it gets right."
)
PRESS_5 = "Now press 5: the plane as the network sees it."
BOUNDARY = (
    "The plane as the network sees it: each shade a class, the points its examples. The boundary bends around the "
    "disc as the loss (1) leaves its plateau."
)
FAILED = "It did not come to its end; what happened stands above. Enter goes on all the same."


def hint(look: Look | None, *, saw_boundary: bool) -> str:
    """What to say now, in a sentence or three.

    Args:
        look: The run; None while nothing has been read.
        saw_boundary: Whether the person has been shown the decision boundary.
    """
    if look and look.gone:
        return FAILED
    if look is None or look.state == "queued" or (look.is_live and not look.record.last):
        return STARTING
    if look.state == "finished":
        last = look.record.last
        boundary = " 5 shows its boundary." if has_boundary(look) and not saw_boundary else ""
        return (
            f"Done: {percent(last.test_top1 if last else None)} of the test points right.{boundary} "
            "On images, a and d switch augmentation and dropout as it learns. Enter goes on to photographs."
        )
    if look.is_over:
        return FAILED
    if saw_boundary:
        return BOUNDARY
    return PRESS_5 if has_boundary(look) and look.elapsed > READING else CURVES
