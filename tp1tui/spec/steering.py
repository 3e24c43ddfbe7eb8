"""What in a text would steer the terminal that shows it."""

from __future__ import annotations

import re

_STEERING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but for tab and line feed, among them the escape that begins every command to a terminal; and what
turns the direction of writing round, so that a text reads as another; and halves of characters, as names of files may
hold them, which no terminal can be sent."""


def steers(text: str) -> bool:
    """Whether something in a text would steer a terminal."""
    return _STEERING.search(text) is not None


def without_steering(text: str) -> str:
    """The same text, U+FFFD in the place of all that would steer a terminal."""
    return _STEERING.sub("\ufffd", text)
