"""Following one sweep for the screen: its members, and the lines of its points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from tp1tui.journal.epoch_curves import CurveFigure, Over, curve
from tp1tui.journal.prediction import prediction_of
from tp1tui.journal.several import RunsFetched
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_record import MemberRecord, Point, SweepFollower, points
from tp1tui.journal.sweep_results import best_row
from tp1tui.spec.frozen import SweepSpec
from tp1tui.spec.results import Line, Series
from tp1tui.tui.sweep.error import final_error
from tp1tui.tui.sweep.steer import Steered
from tp1tui.worker.line_lock import is_served


@dataclass(frozen=True)
class Found:
    """What a look at a sweep's folders finds."""

    runs: RunsFetched
    served: bool
    """Whether a process starts what waits in line."""


class SweepWatch:
    """One watcher of a sweep. Opening reads all journals, so do it where nobody waits.

    `read` touches nothing that is looked at, so it may be called in another thread than all else.
    """

    def __init__(self, folder: SweepFolder) -> None:
        """Open a sweep.

        Raises:
            OSError: A journal is there, but cannot be read.
            RunFolderError: The sweep cannot be read.
        """
        self.folder = folder
        self.prediction = prediction_of(folder.path)
        """What was expected of it before it began; empty where nothing was."""
        self._follower = SweepFollower(folder)
        self._lines: dict[tuple[str, CurveFigure, Over], tuple[object, Line]] = {}
        self.points: list[Point] = []
        self.best: int | None = None
        """Which point is the best (`best_row`); None before anything was measured, and of a lone one."""
        self.error: Series | None = None
        """Error at the end over the one number that is varied; None where there is no such number, or nothing yet."""
        self.served = is_served(folder.path.parent)
        """Whether a process starts what waits in line, as was last found."""
        self.poll()

    @property
    def spec(self) -> SweepSpec:
        """What was asked."""
        return self._follower.spec

    @property
    def members(self) -> list[MemberRecord]:
        """Every run that can be read, in the sweep's order."""
        return self._follower.members

    @property
    def state(self) -> RunState:
        """Of the sweep as a whole."""
        return self._follower.state

    @property
    def troubles(self) -> list[str]:
        """What cannot be read, in sentences."""
        return self._follower.troubles

    @property
    def steered(self) -> list[Steered]:
        """The members, to be told something."""
        return [
            Steered(member.folder, member.state, member.in_line, member.record.started is not None)
            for member in self.members
        ]

    @cached_property
    def steps(self) -> int:
        """Updates of the longest member, from the first epoch to the last."""
        experiments = [member.spec.experiment for member in self.members]
        return max((experiment.steps_per_epoch * experiment.epochs for experiment in experiments), default=1)

    @cached_property
    def epochs(self) -> int:
        """Epochs of the longest member."""
        return max((member.spec.experiment.epochs for member in self.members), default=1)

    def poll(self) -> bool:
        """Read what is new and take it in, where nobody waits for it; returns whether anything is.

        Raises:
            OSError: A journal is there, but cannot be read.
        """
        return self._gathered(self._follower.poll())

    def read(self) -> Found:
        """What is new, to be taken in."""
        return Found(self._follower.fetch(), is_served(self.folder.path.parent))

    def take(self, found: Found) -> bool:
        """Take in what was read, everything in its order; returns whether anything has changed.

        Raises:
            OSError: A journal is there, but could not be read.
        """
        news, self.served = self.served != found.served, found.served
        return self._gathered(self._follower.take(found.runs)) or news

    def point(self, key: str) -> Point | None:
        """What a row of the table stands for: a point by its name's place, `3`, or one run of it, `3.0`."""
        number, _, seed = key.partition(".")
        if not number.isdecimal() or int(number) >= len(self.points):
            return None
        point = self.points[int(number)]
        if not seed:
            return point
        members = point.members[int(seed) : int(seed) + 1]
        return replace(point, members=members) if members else None

    def line(self, key: str, figure: CurveFigure, over: Over) -> Line | None:
        """A figure of a point or of one of its runs, which is `point`; made anew when it has grown."""
        point = self.point(key)
        if point is None:
            return None
        stamp = tuple((member.record, member.record.last, len(member.record.epochs)) for member in point.members)
        known = self._lines.get((key, figure, over))
        if known is None or known[0] != stamp:
            known = self._lines[(key, figure, over)] = (stamp, curve(point.name, point.records, figure, over))
        return known[1]

    def _gathered(self, news: bool) -> bool:  # noqa: FBT001
        if news:
            self.points = points(self.members)
            self.best = best_row(self.points) if len(self.points) > 1 else None
            self.error = final_error(self.points)
        return news
