"""Following a sweep: the records of all of its members, kept up to date while workers write on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import ticket_of
from tp1tui.spec.frozen import RunSpec, SweepRun


class Standing(Protocol):
    """How a run stands, as a record or a summary tells."""

    @property
    def state(self) -> RunState:
        """What it is doing."""

    @property
    def in_line(self) -> bool:
        """Whether it waits for its turn."""


@dataclass(frozen=True)
class MemberRecord:
    """One run of a sweep, as it was at a look."""

    run: SweepRun
    folder: RunFolder
    spec: RunSpec
    record: RunRecord
    state: RunState
    in_line: bool = False
    """Whether it waits for its turn; one that is queued and does not was taken out of line before it began."""


@dataclass(frozen=True)
class Point:
    """What a sweep holds against each other: runs that differ in nothing but the seed."""

    name: str
    """`dropout.p = 0.5`, a variant's name, or empty where only the seed varies."""
    values: dict[str, JsonValue]
    """Of the varied fields, by key path; empty for variants."""
    members: tuple[MemberRecord, ...]
    """One a seed."""

    @property
    def state(self) -> RunState:
        """Of its runs as a whole (see `state_of`)."""
        return state_of(self.members)


class SweepFollower:
    """One watcher of a sweep. Holds nothing open, and never writes."""

    def __init__(self, folder: SweepFolder) -> None:
        """Read what was asked; the members are there after the first `poll`.

        Raises:
            RunFolderError: The sweep cannot be read.
        """
        self.folder = folder
        self.spec = folder.spec()
        self.members: list[MemberRecord] = []
        """In the sweep's order; those whose folders were deleted or cannot be read are left out."""
        self.troubles: list[str] = []
        """Which members were left out, and what is wrong with the journals of the others, in sentences."""
        self._watched: list[_Watched] = []
        self._left_out: list[str] = []
        self._open()

    @property
    def state(self) -> RunState:
        """Of the sweep as a whole (see `state_of`)."""
        return state_of(self.members)

    def poll(self) -> bool:
        """Read what is new. Members that have finished are not read again.

        Returns:
            Whether any member has changed since the last call.

        Raises:
            OSError: A journal is there, but cannot be read.
        """
        news = [watched.look() for watched in self._watched]
        if not any(news):
            return False
        self.members = [watched.seen for watched in self._watched if watched.seen]
        self.troubles = [*self._left_out, *(trouble for watched in self._watched for trouble in watched.troubles)]
        return True

    def _open(self) -> None:
        there = self.folder.runs_of(self.spec)
        known = {run.run for run, _ in there}
        self._left_out = [f"{run.run} is not there any more." for run in self.spec.runs if run.run not in known]
        for run, folder in there:
            try:
                self._watched.append(_Watched(run, Follower(folder), folder.training_spec()))
            except RunFolderError as error:
                self._left_out.append(str(error))
        self.troubles = list(self._left_out)


def state_of(members: Iterable[Standing]) -> RunState:
    """What several runs are doing as a whole.

    The first of these that holds: one is running; one is paused; one waits in line (queued); one was interrupted; one
    failed; one was stopped, or taken out of line before it began (stopped); all have finished. Without any member:
    interrupted.
    """
    members = list(members)
    states = {"stopped" if member.state == "queued" and not member.in_line else member.state for member in members}
    order: tuple[RunState, ...] = ("running", "paused", "queued", "interrupted", "failed", "stopped", "finished")
    return next((state for state in order if state in states), "interrupted")


def points(members: Sequence[MemberRecord]) -> list[Point]:
    """Members, those of one point together, in the sweep's order."""
    grouped: dict[str, list[MemberRecord]] = {}
    for member in members:
        grouped.setdefault(member.run.member, []).append(member)
    return [Point(name, group[0].run.values, tuple(group)) for name, group in grouped.items()]


@dataclass
class _Watched:
    """A member and what was last seen of it."""

    run: SweepRun
    follower: Follower
    spec: RunSpec
    seen: MemberRecord | None = None
    troubles: list[str] = field(default_factory=list)

    def look(self) -> bool:
        """Read on; returns whether anything has changed."""
        if self.seen and self.seen.state == "finished":
            return False
        news = self.follower.poll()
        state = self.follower.state()
        folder = self.follower.folder
        in_line = state == "queued" and ticket_of(folder) is not None
        before = self.seen
        if before and not news and (before.state, before.in_line) == (state, in_line):
            return False
        self.seen = MemberRecord(self.run, folder, self.spec, self.follower.record, state, in_line)
        self.troubles = [f"{folder.id}: {trouble}" for trouble in self.follower.troubles]
        return True
