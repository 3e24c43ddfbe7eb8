"""A number a bit more or a bit less, as one tries values out."""

from __future__ import annotations

from math import floor, isfinite, log10

_ROUND = (1.0, 2.0, 5.0, 10.0)


def nudged(text: str, by: int) -> str | None:
    """The next number up or down: of whole ones the neighbour, of others the next of 1, 2, 5, 10 and so on.

    Args:
        text: The value as it is typed.
        by: 1 or -1.

    Returns:
        None for what is no number, for 0.0 and for less.
    """
    text = text.strip()
    try:
        return str(int(text) + by)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return None
    if not isfinite(value) or value <= 0:
        return None
    power = 10.0 ** floor(log10(value) + 1e-9)
    places = [0.5 * power, *(factor * power for factor in _ROUND)]
    further = [place for place in places if (place - value) * by > 1e-9 * value]
    return f"{min(further) if by > 0 else max(further):g}"
