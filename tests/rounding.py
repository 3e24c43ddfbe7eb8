"""Whether a figure that is shown is the figure that is written down, rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal


def is_rounded(shown: str, written: str) -> bool:
    """Whether it is the written one with as many digits as it has; half-way cases go to the even digit."""
    digits = Decimal(shown.replace(",", ""))
    return digits == Decimal(written).quantize(digits, ROUND_HALF_EVEN)
