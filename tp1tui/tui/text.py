"""Numbers as people read them, the same on every screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

MOST_NAMED = 2
"""Files beside the first that are named; of more, only the number: a notice shall not cover the screen."""
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


def rate(number: float | None) -> str:
    """12345.6 as 12,346; below ten with a decimal; a dash where it is not known."""
    if number is None or not math.isfinite(number):
        return "–"
    return f"{number:.1f}" if number < 10 else f"{number:,.0f}"


def loss(number: float | None) -> str:
    """0.01234 as 0.0123: four decimals, fewer for large ones, NaN and ∞ as what they are."""
    if number is None:
        return "–"
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "∞" if number > 0 else "-∞"
    if number and (abs(number) < 1e-3 or abs(number) >= 1e5):
        return f"{number:.2e}"
    return f"{number:.4f}" if abs(number) < 10 else f"{number:.5g}"


def span(low: float, high: float) -> str:
    """71 and 73 as 71–73 %; one number where both are the same."""
    return f"{low:g} %" if low == high else f"{low:g}–{high:g} %"


def times(number: int) -> str:
    """1 as once, 2 as twice, 3 as 3 times."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def signed(number: float | None, decimals: int) -> str:
    """1.24 as +1.2, -0.3 as -0.3, what rounds to nothing as 0.0; a dash where there is none."""
    if number is None or math.isnan(number):
        return "–"
    text = f"{number:+.{decimals}f}"
    return text if text.strip("+-0.") else text[1:]


def shortened(text: str, cells: int) -> str:
    """A text of at most so many characters, its end left out where it is longer."""
    return text if len(text) <= cells else f"{text[: cells - 1]}…"


def where_files_are(files: Sequence[Path]) -> str:
    """`epochs.csv and batches.csv are in FOLDER`; of many, the first and how many more."""
    first, *others = (file.name for file in files)
    if len(others) > MOST_NAMED:
        others = [f"{len(others)} more"]
    names = [first, *others]
    listed = ", ".join(names[:-1]) + f" and {names[-1]}" if others else first
    return f"{listed} {'are' if others else 'is'} in {files[0].parent}"
