"""Which colour and letter each run has where curves are overlaid: the same as long as the app is open."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

from tp1tui.tui.plots.chart import LINES


class Places:
    """Remembers the place of every run that was ever compared; `line_role` and `line_sign` take a place."""

    def __init__(self) -> None:
        self._known: dict[Path, int] = {}

    def of(self, paths: Sequence[Path]) -> dict[Path, int]:
        """The places of runs that are compared with each other, from 0, no two the same.

        A run keeps the place that it had, unless one before it has it; of so few runs that there is a colour for each,
        also unless one before it has its colour. A new run takes the first place that no run had, as long as there are
        colours, then the first that none of these has.

        Args:
            paths: Of the runs' folders, in the order in which they were chosen.
        """
        taken: dict[Path, int] = {}
        are_few = len(set(paths)) <= len(LINES)

        def is_free(place: int) -> bool:
            if are_few:
                return all(place % len(LINES) != other % len(LINES) for other in taken.values())
            return place not in taken.values()

        for path in paths:
            if path in self._known and is_free(self._known[path]):
                taken[path] = self._known[path]
        for path in paths:
            if path not in taken:
                unused = (place for place in range(len(LINES)) if place not in self._known.values())
                taken[path] = next(filter(is_free, chain(unused, count())))
                self._known[path] = taken[path]
        return {path: taken[path] for path in paths}
