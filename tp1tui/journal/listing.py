"""Every run of a folder, in a line each, and finding one by a part of its name."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tp1tui.journal.folder import RunFolder, RunFolderError, looks_like_run
from tp1tui.journal.lines import Damage, decode
from tp1tui.journal.lock import holder, is_held
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState, run_state
from tp1tui.journal.tail import Tail
from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset import RunSpec

_BATCHES = b'{"kind":"batches"'
_SHOWN = 10


@dataclass(frozen=True)
class RunSummary:
    """A run in a line."""

    id: str
    path: Path
    preset: str
    """Empty when experiment.toml cannot be read; so is the title."""
    title: str
    state: RunState
    pid: int | None
    """Of the worker; None unless one lives."""
    host: str | None
    device: str | None
    epoch: int
    """The last that is done; 0 before the first."""
    epochs: int
    """How many there are to be."""
    last_top1: float | None
    """On the test set, in percent."""
    best_top1: float | None
    elapsed: float
    """Seconds of work so far, pauses and interruptions excluded."""
    epoch_seconds: float | None
    """What the latest epoch took, evaluation included."""
    started_at: datetime | None
    """When a worker first took it up, in local time."""
    problem: str | None = None
    """Why the folder cannot be read whole, as a sentence."""


class UnknownRun(RunFolderError):  # noqa: N818 - what a person did, not an error of the program's
    """A name that stands for no run, or for several. Its text says which there are."""


def list_runs(runs_dir: Path) -> list[RunSummary]:
    """Every run of a folder, newest first; none when the folder is not there.

    Raises:
        RunFolderError: The folder cannot be read.
    """
    return RunLister(runs_dir).refresh()


def find_run(name: str, runs_dir: Path) -> RunFolder:
    """The run with this id, at this path, or the only one whose id holds this text.

    Raises:
        UnknownRun: No run does, or several do.
        RunFolderError: It cannot be opened.
        SpecError: Its experiment.toml holds something that is not allowed.
    """
    names = [path.name for path in _folders(runs_dir)]
    if name in names:
        return RunFolder.open(runs_dir / name)
    if os.sep in name or (name and looks_like_run(Path(name))):
        return RunFolder.open(Path(name).expanduser())
    matches = [known for known in names if name and name in known]
    if len(matches) == 1:
        return RunFolder.open(runs_dir / matches[0])
    if matches:
        raise UnknownRun(f"{len(matches)} runs have {name!r} in their name: {_some(matches)}. Write more of the name.")
    if not names:
        raise UnknownRun(f"There is no run {name!r}: there are no runs in {runs_dir}. `tp1tui run PRESET` starts one.")
    raise UnknownRun(f"There is no run {name!r} in {runs_dir}. There are: {_some(names)}.")


class RunLister:
    """Lists a folder of runs again and again; what has not changed is not read again."""

    def __init__(self, runs_dir: Path) -> None:
        self._runs_dir = runs_dir
        self._watched: dict[Path, _Watched] = {}

    def refresh(self) -> list[RunSummary]:
        """Every run as it is now, newest first.

        Raises:
            RunFolderError: The folder cannot be read.
        """
        paths = _folders(self._runs_dir)
        self._watched = {path: self._watched.get(path) or _Watched(RunFolder(path)) for path in paths}
        return [watched.summary() for watched in self._watched.values()]


class _Watched:
    """One run of a listing: its record without the figures of its batches."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._tail = Tail(folder.journal_path)
        self._record = RunRecord()
        self._spec: RunSpec | None = None
        self._spec_stamp: tuple[int, int] | None = None
        self._spec_problem: str | None = None

    def summary(self) -> RunSummary:
        held = is_held(self._folder)  # before the journal is read: see run_state
        self._read_spec()
        problem = self._spec_problem
        try:
            self._read_journal()
            if not held and self._record.last_time is None:
                self._folder.check_journal()
        except (RunFolderError, OSError) as error:
            problem = problem or _sentence(self._folder, error)
        return self._summarized(problem, held)

    def _summarized(self, problem: str | None, held: bool) -> RunSummary:  # noqa: FBT001
        record, spec = self._record, self._spec
        state = run_state(record, lock_held=held)
        lost = problem is not None and state == "queued"
        now = time.time() if held else record.last_time or 0.0
        started = record.started
        return RunSummary(
            id=self._folder.id,
            path=self._folder.path,
            preset=spec.preset if spec else "",
            title=spec.title if spec else "",
            state="interrupted" if lost else state,
            pid=(holder(self._folder) or record.pid) if held else None,
            host=started.host if started else None,
            device=record.device,
            epoch=record.last.epoch if record.last else 0,
            epochs=spec.experiment.epochs if spec else started.epochs if started else 0,
            last_top1=record.last.test_top1 if record.last else None,
            best_top1=record.best.test_top1 if record.best else None,
            elapsed=record.elapsed(now),
            epoch_seconds=record.last.seconds if record.last and record.last.epoch else None,
            started_at=datetime.fromtimestamp(started.time).astimezone() if started else None,
            problem=problem,
        )

    def _read_spec(self) -> None:
        try:
            status = self._folder.spec_path.stat()
        except OSError:
            self._spec_stamp, self._spec = None, None
            self._spec_problem = f"{self._folder.path} has lost its experiment.toml."
            return
        stamp = status.st_mtime_ns, status.st_size
        if stamp == self._spec_stamp:
            return
        self._spec_stamp = stamp
        try:
            self._spec, self._spec_problem = self._folder.spec(), None
        except (RunFolderError, SpecError) as error:
            self._spec, self._spec_problem = None, str(error)

    def _read_journal(self) -> None:
        if not self._tail.changed():
            return
        if self._tail.restarted():
            self._record = RunRecord()
        batches: bytes | None = None
        for line in self._tail.lines():
            if line.startswith(_BATCHES):
                batches = line
                continue
            batches = None
            event = decode(line)
            if isinstance(event, Damage):
                event = replace(event, line=self._tail.line)
            if event is not None:
                self._record.apply(event)
        event = decode(batches) if batches else None
        if event is not None and not isinstance(event, Damage):
            self._record.note(event)


def _folders(runs_dir: Path) -> list[Path]:
    """The folders of runs, newest first; anything else that lies there is not ours."""
    try:
        with os.scandir(runs_dir) as entries:
            names = [entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunFolderError(f"The runs folder {runs_dir} cannot be read: {error.strerror}.") from None
    runs_dir = Path(os.path.abspath(runs_dir))  # noqa: PTH100 - links stay as the person wrote them
    paths = [runs_dir / name for name in sorted(names, reverse=True)]
    return [path for path in paths if looks_like_run(path)]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _sentence(folder: RunFolder, error: RunFolderError | OSError) -> str:
    if isinstance(error, OSError):
        return f"{folder.journal_path} cannot be read: {error.strerror}."
    return str(error)
