"""Following a sweep: the records of all of its members, kept up to date while workers write on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from tp1tui.journal.record import RunRecord
from tp1tui.journal.several import RunsFetched, RunsFollower, SeenRun
from tp1tui.journal.state import RunState, ShownState
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.spec.frozen import SweepRun


class Standing(Protocol):
    """How a run stands, as a record or a summary tells."""

    @property
    def state(self) -> RunState:
        """What it is doing."""

    @property
    def in_line(self) -> bool:
        """Whether it waits for its turn."""


@dataclass(frozen=True, kw_only=True)
class MemberRecord(SeenRun):
    """One run of a sweep, as it was at a look."""

    run: SweepRun


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

    @property
    def shown_state(self) -> ShownState:
        """The word for that."""
        return self.members[0].shown_state if len(self.members) == 1 else self.state

    @property
    def records(self) -> list[RunRecord]:
        """Of its runs."""
        return [member.record for member in self.members]


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
        there = folder.runs_of(self.spec)
        self._asked = {run_folder: run for run, run_folder in there}
        known = {run.run for run, _ in there}
        self._gone = [f"{run.run} is not there any more." for run in self.spec.runs if run.run not in known]
        self._follower = RunsFollower(self._asked)
        self.troubles = [*self._gone, *self._follower.troubles]
        """Which members were left out, and what is wrong with the journals of the others, in sentences."""

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
        return self._told(self._follower.poll())

    def fetch(self) -> RunsFetched:
        """Read what is new, and take nothing in; see `RunsFollower`."""
        return self._follower.fetch()

    def take(self, fetched: RunsFetched) -> bool:
        """Take in what was fetched; for the rest see `poll`."""
        return self._told(self._follower.take(fetched))

    def _told(self, news: bool) -> bool:  # noqa: FBT001
        if self._follower.fault:
            raise self._follower.fault
        if not news:
            return False
        self.members = [_member(self._asked[seen.folder], seen) for seen in self._follower.runs]
        self.troubles = [*self._gone, *self._follower.troubles]
        return True


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


def _member(run: SweepRun, seen: SeenRun) -> MemberRecord:
    return MemberRecord(seen.folder, seen.spec, seen.record, seen.state, seen.in_line, run=run)
