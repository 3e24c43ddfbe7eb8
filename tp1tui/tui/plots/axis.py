"""Round numbers along an axis."""

from __future__ import annotations

from math import ceil, floor, isfinite, log10
from typing import NamedTuple


class Tick(NamedTuple):
    """One labelled place."""

    at: float
    """In the data's units, also on a log scale."""
    label: str


_HIGHEST_POWER = 307
"""Of ten, that a float can hold five times."""


def linear_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Multiples of 1, 2, 2.5 or 5 times a power of ten within [low, high]: as many as go, at most `most`."""
    if not (isfinite(low) and isfinite(high)) or high <= low or most < 1:
        return []
    step = _round_up((high - low) / most)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    while last - first + 1 > most:
        step = _round_up(step * 1.01)
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    places = [number * step for number in range(first, last + 1)]
    return [Tick(place, text) for place, text in zip(places, _labels(places, step), strict=True)]


def whole_ticks(low: float, high: float, most: int) -> list[Tick]:
    """The same, whole numbers only: epochs and steps."""
    ticks = linear_ticks(low, high, most)
    return [Tick(round(tick.at), f"{tick.at:,.0f}") for tick in ticks if abs(tick.at - round(tick.at)) < 1e-6]


def log_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Powers of ten within [low, high], with 2 and 5 times them where there is room; linear ones in a narrow range."""
    if not 0 < low < high or not isfinite(high) or most < 1:
        return []
    first, last = floor(log10(low)), min(ceil(log10(high)), _HIGHEST_POWER)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        places = [factor * 10.0**power for power in range(first, last + 1) for factor in factors]
        places = [place for place in places if low * (1 - 1e-9) <= place <= high * (1 + 1e-9)]
        if 2 <= len(places) <= most:
            return [Tick(place, number(place)) for place in places]
    if len(places) > most:
        return [Tick(place, number(place)) for place in places[:: -(-len(places) // most)]]
    return linear_ticks(low, high, most)


def rounded_range(low: float, high: float) -> tuple[float, float]:
    """The least range with round ends that holds [low, high]; low must be less than high."""
    step = _round_up((high - low) / 5) / 2
    return floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step


def rounded_log_range(low: float, high: float) -> tuple[float, float]:
    """The same with ends that are 1, 2 or 5 times a power of ten; both numbers must be positive."""
    below = [factor * 10.0 ** floor(log10(low)) for factor in (0.5, 1, 2, 5)]
    above = [factor * 10.0 ** min(floor(log10(high)), _HIGHEST_POWER) for factor in (1, 2, 5, 10)]
    least = max((end for end in below if end <= low * (1 + 1e-9)), default=low)
    most = min((end for end in above if end >= high * (1 - 1e-9)), default=high)
    return (least, most) if 0 < least < most else (low / 2, high * 2)


def next_round(value: float) -> int:
    """The least of 5, 10, 15, 20, 30, 50, 75, 100, 150, … that is not below `value`: an axis end with room to grow."""
    power = 1
    while True:
        for factor in (5, 10, 15, 20, 30):
            if factor * power >= value:
                return factor * power
        power *= 10


def number(value: float) -> str:
    """A tick's label: as short as it can be told exactly."""
    size = abs(value)
    if size and (size >= 1e6 or size < 1e-3):
        mantissa, power = f"{value:.2e}".split("e")
        return f"{float(mantissa):g}e{int(power)}"
    return f"{value:,.6g}" if size < 1000 else f"{value:,.0f}"


def _round_up(size: float) -> float:
    power = 10.0 ** floor(log10(size))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10, 20) if factor * power >= size * (1 - 1e-9))


def _labels(places: list[float], step: float) -> list[str]:
    """All with as many decimals as the step needs, so that they line up."""
    largest = max((abs(place) for place in places), default=0.0)
    if largest >= 1e6 or step < 1e-4:
        return [number(place) for place in places]
    decimals = next(count for count in range(6) if abs(step - round(step, count)) < step * 1e-6)
    return [
        f"{place:,.{decimals}f}".replace("-0", "0") if abs(place) < step / 2 else f"{place:,.{decimals}f}"
        for place in places
    ]
