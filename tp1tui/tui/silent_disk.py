"""A disk that does not answer: after how long that is told, and in which words."""

from __future__ import annotations

TOLD_AFTER = 3.0
"""Seconds after which it is worth a word that the disk does not answer."""
NOTHING_READ = (
    "The disk does not answer, or slowly: nothing was read for some seconds. What comes is shown as soon as it does; "
    "keys go on working."
)
ANSWERS_AGAIN = "The disk answers again. What waited is written."


def not_done_yet(waiting: str) -> str:
    """That the disk has been silent for so long, and what waits for it."""
    return f"It has not answered for {TOLD_AFTER:g} s, so this is not done yet: {waiting}. Keys go on working."
