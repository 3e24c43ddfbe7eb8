"""Numbers as people read them, the same on every screen."""

from __future__ import annotations

import math

_UNITS = ("", " k", " M", " G", " T")


def count(number: int) -> str:
    """1191170 as 1,191,170."""
    return f"{number:,}"


def short_count(number: float) -> str:
    """2457600 as 2.46 M: three digits and a unit."""
    for unit in _UNITS[:-1]:
        if abs(number) < 999.5:
            return f"{number:.3g}{unit}"
        number /= 1000
    return f"{number:.3g}{_UNITS[-1]}"


def percent(number: float | None) -> str:
    """71.834 as 71.8 %; a dash where there is none."""
    return "–" if number is None or math.isnan(number) else f"{number:.1f} %"


def duration(seconds: float | None) -> str:
    """75 as 1 min 15 s, 8000 as 2 h 13 min; a dash where it is not known."""
    if seconds is None or not math.isfinite(seconds):
        return "–"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min"


def size(octets: float) -> str:
    """170498071 bytes as 170 MB."""
    return f"{short_count(octets) if octets >= 1000 else f'{octets:.0f} '}B"
