"""Numbers of results as people read them: all of one column with the same decimals, so that they line up."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, isfinite, isinf, isnan, log10

from tp1tui.spec.results import Cell

DIGITS = 4
"""Significant digits of a column's largest number."""
MOST_DECIMALS = 6
LARGEST = 1e12
"""From here on, a number is written with its power of ten."""
NOTHING = "–"


def written(cells: Iterable[Cell]) -> list[str]:
    """The cells of one column, or the values of one grid, as text."""
    cells = list(cells)
    decimals = _decimals([float(cell) for cell in cells if isinstance(cell, float) and isfinite(cell)])
    return [_cell(cell, decimals) for cell in cells]


def is_number(cell: Cell) -> bool:
    """Whether a cell lines up at its right end."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _cell(cell: Cell, decimals: int | None) -> str:
    match cell:
        case None:
            return NOTHING
        case bool():
            return "yes" if cell else "no"
        case str():
            return " ".join(cell.split())
        case int():
            return f"{cell:,}" if abs(cell) < LARGEST else _with_power(float(cell))
    if isnan(cell):
        return "NaN"
    if isinf(cell):
        return "∞" if cell > 0 else "-∞"
    return f"{cell:,.{decimals}f}" if decimals is not None else _with_power(cell) if cell else "0"


def _decimals(values: list[float]) -> int | None:
    """How many decimals tell all of these apart from 0; None where only powers of ten do."""
    sizes = [abs(value) for value in values if value]
    if not sizes:
        return 0
    if max(sizes) >= LARGEST:
        return None
    most = min(MOST_DECIMALS, max(0, DIGITS - 1 - floor(log10(max(sizes)))))
    if min(sizes) < 0.5 * 10.0**-most:
        return None
    return next(count for count in range(most + 1) if count == most or _as_exact(values, count, most))


def _as_exact(values: list[float], decimals: int, most: int) -> bool:
    return all(abs(round(value, decimals) - round(value, most)) < 10.0 ** -(most + 1) for value in values)


def _with_power(value: float) -> str:
    if 1e-3 <= abs(value) < 1e6:
        return f"{value:,.{DIGITS}g}"
    mantissa, power = f"{value:.2e}".split("e")
    return f"{float(mantissa):g}e{int(power)}"
