"""The lines of a pane that are drawn when one looks at them, so that those out of sight cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from textual.strip import Strip


class LazyLines(Sequence[Strip]):
    """Each line is drawn once, when it is first asked for."""

    def __init__(self, count: int, draw: Callable[[int], Strip]) -> None:
        """Prepare to draw.

        Args:
            count: How many lines there are.
            draw: The line of a number, from 0.
        """
        self._count, self._draw = count, draw
        self._drawn: dict[int, Strip] = {}

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Strip: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Strip]: ...

    def __getitem__(self, at: int | slice) -> Strip | Sequence[Strip]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(self._count))]
        number = range(self._count)[at]
        if number not in self._drawn:
            self._drawn[number] = self._draw(number)
        return self._drawn[number]
