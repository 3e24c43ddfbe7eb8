"""Numbers as people read them, the same in the shell, on every screen and in sentences.

A figure is rounded as it stands in the journal and in CSV: 72.35, which no float is exactly, is shown as 72.4.
"""

from __future__ import annotations

from decimal import Decimal
from math import isfinite, isnan

NOTHING = "–"
"""Where there is no figure."""
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
    return NOTHING if number is None or isnan(number) else f"{_rounded(number, 1)} %"


def duration(seconds: float | None) -> str:
    """75 as 1 min 15 s, 8000 as 2 h 13 min; a dash where it is not known."""
    if seconds is None or not isfinite(seconds):
        return NOTHING
    if seconds < 9.95:
        return f"{_rounded(seconds, 1)} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min"


def size(octets: float) -> str:
    """170498071 bytes as 170 MB."""
    return f"{short_count(octets) if octets >= 1000 else f'{octets:.0f} '}B"


def rate(number: float | None) -> str:
    """12345.6 as 12,346; below ten with a decimal; a dash where it is not known."""
    if number is None or not isfinite(number):
        return NOTHING
    return _rounded(number, 1) if number < 10 else _rounded(number, 0)


def lr(number: float | None) -> str:
    """A learning rate, 0.0031622776 as 0.003162; NaN and ∞ as what they are.

    Where a field of an experiment is listed, it stands as it was asked for, and so does a learning rate.
    """
    if number is None:
        return NOTHING
    return f"{_significant(number, 4):g}" if isfinite(number) else _not_finite(number)


def loss(number: float | None) -> str:
    """0.01234 as 0.0123: four decimals, fewer for large ones, NaN and ∞ as what they are."""
    if number is None:
        return NOTHING
    if not isfinite(number):
        return _not_finite(number)
    if number and (abs(number) < 1e-3 or abs(number) >= 1e5):
        return f"{_significant(number, 3):.2e}"
    return _rounded(number, 4) if abs(number) < 10 else f"{_significant(number, 5):.5g}"


def span(low: float, high: float) -> str:
    """71 and 73 as 71–73 %; one number where both are the same."""
    return f"{low:g} %" if low == high else f"{low:g}–{high:g} %"


def times(number: int) -> str:
    """1 as once, 2 as twice, 3 as 3 times."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def epoch_count(number: int) -> str:
    """1 as 1 epoch, 30 as 30 epochs."""
    return f"{number} epoch{'' if number == 1 else 's'}"


def signed(number: float | None, decimals: int) -> str:
    """1.24 as +1.2, -0.3 as -0.3, what rounds to nothing as 0.0; a dash where there is none."""
    if number is None or isnan(number):
        return NOTHING
    text = f"{number:+.{decimals}f}"
    return text if text.strip("+-0.") else text[1:]


def _rounded(number: float, decimals: int) -> str:
    """With so many decimals; half-way cases go to the even digit."""
    return f"{Decimal(repr(float(number))):,.{decimals}f}" if isfinite(number) else _not_finite(number)


def _significant(number: float, digits: int) -> float:
    """The number of so many digits that is nearest to what the journal says."""
    return float(f"{Decimal(repr(float(number))):.{digits - 1}e}")


def _not_finite(number: float) -> str:
    if isnan(number):
        return "NaN"
    return "∞" if number > 0 else "-∞"
