"""Runs that were thrown away: moved aside within the folder of runs, until they are brought back or removed for good.

What was thrown away together lies in one folder of its own, which tells when, and comes back together.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tp1tui.files.private import PRIVATE, make_private
from tp1tui.journal.folder import RunFolder, RunFolderError, looks_like_run, short_name
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import AlreadyRunning, RunLock, is_held
from tp1tui.journal.sweep_folder import looks_like_sweep
from tp1tui.journal.tickets import ticket_of

TRASH = ".trash"
"""A folder in the folder of runs; listings pass over what begins with a dot."""
_TIME = "%Y-%m-%dT%H-%M-%S-%f"


class TrashError(Exception):
    """What cannot be thrown away, brought back or removed. Its text is whole sentences."""


@dataclass(frozen=True)
class Thrown:
    """What was thrown away at one time."""

    path: Path
    """The folder that holds the folders."""
    sweeps: tuple[str, ...]
    """Ids of sweeps, whose members are among the runs."""
    runs: tuple[str, ...]
    """Ids of runs."""
    at: datetime
    """When, in local time."""

    @property
    def text(self) -> str:
        """What it is, in words: one by its name, several by their number."""
        alone = [run for run in self.runs if run.rpartition("-")[0] not in self.sweeps]
        parts = (_counted(self.sweeps, "sweep"), _counted(alone, "run"))
        return " and ".join(filter(None, parts))


def throw_away(runs_dir: Path, paths: Sequence[Path], now: datetime) -> Thrown:
    """Move the folders of runs and sweeps to the trash: all of them, or none.

    Args:
        runs_dir: Where they lie.
        paths: Of runs and sweeps. Whoever throws a sweep away names its members as well.
        now: In local time.

    Raises:
        TrashError: One of them runs, waits in line, or cannot be moved.
    """
    runs = [RunFolder(path) for path in paths if not looks_like_sweep(path)]
    for run in runs:
        _check_idle(run)
    bundle = runs_dir / TRASH / now.strftime(_TIME)
    moved: list[Path] = []
    try:
        make_private(bundle.parent)
        bundle.mkdir(mode=PRIVATE)  # never one that is there: what is thrown away together lies alone
        bundle.chmod(PRIVATE)
        for path in sorted(paths, key=lambda path: not looks_like_sweep(path)):  # no sweep is left with half its runs
            _move(path, bundle / path.name)
            moved.append(path)
    except (OSError, TrashError) as error:
        for path in reversed(moved):
            with suppress(OSError):
                (bundle / path.name).rename(path)
        with suppress(OSError):
            bundle.rmdir()
        if isinstance(error, OSError):
            raise TrashError(f"Nothing was moved to the trash: {error.strerror}.") from None
        raise
    return _thrown(bundle)


def thrown_away(runs_dir: Path) -> list[Thrown]:
    """What lies in the trash, what was thrown away last coming first."""
    with suppress(OSError):
        bundles = [path for path in (runs_dir / TRASH).iterdir() if path.is_dir() and _time_of(path)]
        found = [_thrown(bundle) for bundle in sorted(bundles, reverse=True)]
        return [thrown for thrown in found if thrown.runs or thrown.sweeps]
    return []


def last_thrown(runs_dir: Path) -> Thrown | None:
    """What was thrown away last; None where the trash is empty. Costs little, however much lies there."""
    with suppress(OSError):
        bundles = [path for path in (runs_dir / TRASH).iterdir() if _time_of(path)]
        found = (_thrown(bundle) for bundle in sorted(bundles, reverse=True))
        return next((thrown for thrown in found if thrown.runs or thrown.sweeps), None)
    return None


def bring_back(runs_dir: Path, thrown: Thrown) -> None:
    """Move what was thrown away at one time back to where it was.

    Raises:
        TrashError: Something of that name is there, or it cannot be moved. What came back by then stays.
    """
    ids = (*thrown.runs, *thrown.sweeps)  # sweeps last: one that can be seen is whole
    there = next((name for name in ids if (runs_dir / name).exists()), None)
    if there is not None:
        raise TrashError(f"There is another {there} by now, so nothing was brought back. Move that one away first.")
    try:
        for name in ids:
            (thrown.path / name).rename(runs_dir / name)
        thrown.path.rmdir()
    except OSError as error:
        raise TrashError(f"Not all of {thrown.text} was brought back: {error.strerror}.") from None


def remove_for_good(runs_dir: Path) -> int:
    """Empty the trash; returns how many folders of runs and sweeps were removed.

    Raises:
        TrashError: Something cannot be removed.
    """
    removed = 0
    for thrown in thrown_away(runs_dir):
        try:
            shutil.rmtree(thrown.path)
        except OSError as error:
            raise TrashError(f"{error.filename} cannot be removed: {error.strerror}.") from None
        removed += len(thrown.runs) + len(thrown.sweeps)
    return removed


def _check_idle(run: RunFolder) -> None:
    if is_held(run):
        raise TrashError(f"{short_name(run.id)} is {_doing(run)}, so it cannot be thrown away. Stop it first.")
    _check_waits_not(run)


def _doing(run: RunFolder) -> str:
    """What a worker does with a run: running or paused."""
    follower = Follower(run)
    with suppress(OSError):
        follower.poll()
    return "paused" if follower.record.paused else "running"


def _check_waits_not(run: RunFolder) -> None:
    if ticket_of(run) is not None:
        raise TrashError(f"{short_name(run.id)} waits in line, so it cannot be thrown away. Take it out of line first.")


def _move(path: Path, to: Path) -> None:
    """Move one folder; a run's is locked meanwhile, so that no worker takes it up."""
    if not looks_like_run(path):
        path.rename(to)
        return
    run = RunFolder(path)
    try:
        with RunLock(run):
            _check_waits_not(run)
            path.rename(to)
    except (AlreadyRunning, RunFolderError) as error:
        raise TrashError(f"{error} Nothing was moved to the trash.") from None


def _thrown(bundle: Path) -> Thrown:
    names = sorted(os.listdir(bundle))  # noqa: PTH208
    sweeps = tuple(name for name in names if looks_like_sweep(bundle / name))
    runs = tuple(name for name in names if name not in sweeps)
    return Thrown(bundle, sweeps, runs, _time_of(bundle) or datetime.now().astimezone())


def _time_of(bundle: Path) -> datetime | None:
    with suppress(ValueError):
        return datetime.strptime(bundle.name, _TIME).astimezone()
    return None


def _counted(ids: Sequence[str], kind: str) -> str:
    if len(ids) == 1:
        return f"the {kind} {short_name(ids[0])}"
    return f"{len(ids)} {kind}s" if ids else ""
