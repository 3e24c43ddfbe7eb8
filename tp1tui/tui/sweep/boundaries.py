"""The decision boundaries of a sweep's points, to stand side by side."""

from __future__ import annotations

from tp1tui.journal.sweep_record import MemberRecord
from tp1tui.spec.live import BOUNDARY
from tp1tui.spec.numbers import percent
from tp1tui.spec.results import Grid
from tp1tui.tui.plots.chart import line_sign
from tp1tui.tui.sweep.names import short_name
from tp1tui.tui.sweep.watch import SweepWatch

GROUP = "decision boundaries"


class Boundaries:
    """Names each boundary by its point; one that has not changed stays the very same, so that it is not drawn again."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[int, tuple[Grid, Grid]] = {}

    def of(self, watch: SweepWatch) -> list[Grid]:
        """One of each point whose first run has journaled one, in the points' order."""
        found: list[Grid] = []
        for number, point in enumerate(watch.points):
            grid = _boundary(point.members[0])
            if grid is None:
                continue
            known = self._known.get(number)
            if known is None or known[0] is not grid:
                name = f"{line_sign(number)} {short_name(point)}  {_known_so_far(grid)}".strip()
                known = self._known[number] = (grid, grid.model_copy(update={"name": name, "group": GROUP, "note": ""}))
            found.append(known[1])
        return found


def has_boundaries(watch: SweepWatch) -> bool:
    """Whether any of its runs has journaled one."""
    return any(_boundary(member) for member in watch.members)


def _boundary(member: MemberRecord) -> Grid | None:
    grid = member.record.results.get(BOUNDARY)
    return grid if isinstance(grid, Grid) else None


def _known_so_far(grid: Grid) -> str:
    test = [not point.wrong for point in grid.points if point.part == "test"]
    return percent(100 * sum(test) / len(test)) if test else ""
