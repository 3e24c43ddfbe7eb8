"""Every run of a folder, in a line each, and finding one by a part of its name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import inf
from pathlib import Path
from time import monotonic

from tp1tui.journal.folder import RunFolder, RunFolderError, looks_like_run, short_name
from tp1tui.journal.index import read_index, write_index
from tp1tui.journal.labels import LabelError, labels_of
from tp1tui.journal.summary import Known, RunSummary, SummaryReader
from tp1tui.journal.sweep_folder import SweepFolder, looks_like_sweep
from tp1tui.spec.steering import steers

__all__ = ["RunLister", "RunSummary", "UnknownRun", "find_run", "list_runs", "path_of_run"]

_TIMED = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_")
_SHOWN = 10


class UnknownRun(RunFolderError):  # noqa: N818 - what a person did, not an error of the program's
    """A name that stands for no run, or for several. Its text says which there are."""


def list_runs(runs_dir: Path) -> list[RunSummary]:
    """Every run of a folder, newest first; none when the folder is not there.

    Raises:
        RunFolderError: The folder cannot be read.
    """
    return RunLister(runs_dir).refresh()


def find_run(name: str, runs_dir: Path) -> RunFolder | SweepFolder:
    """The run or the sweep that a name stands for.

    The first of these that there is: the one with this id; at this path; with this id but for its time; the only sweep
    or run of its own whose id holds this text; the only member of a sweep whose id does; the only one of this name.

    Raises:
        UnknownRun: Nothing does, or several do.
        RunFolderError: It cannot be opened.
    """
    return _opened(path_of_run(name, runs_dir))


def path_of_run(name: str, runs_dir: Path) -> Path:
    """The same, unopened: what lies there may be damaged.

    Raises:
        UnknownRun: As for `find_run`.
    """
    names = [path.name for path in _visible(runs_dir, looks_like_run, looks_like_sweep)]
    if name in names:
        return runs_dir / name
    if os.sep in name or (name and (looks_like_run(Path(name)) or looks_like_sweep(Path(name)))):
        return Path(name).expanduser()
    for matches in _matches(name, names, runs_dir):
        if len(matches) == 1:
            return runs_dir / matches[0]
        if matches:
            some = _some(matches)
            raise UnknownRun(f"{len(matches)} runs have {name!r} in their name: {some}. Write more of the name.")
    if not names:
        raise UnknownRun(f"There is no run {name!r}: there are no runs in {runs_dir}. `tp1tui run PRESET` starts one.")
    raise UnknownRun(f"There is no run {name!r} in {runs_dir}. There are: {_some(names)}.")


def run_folders(runs_dir: Path) -> list[RunFolder]:
    """Every run of a folder, newest first, unopened.

    Raises:
        RunFolderError: The folder cannot be read.
    """
    return [RunFolder(path) for path in _folders(runs_dir)]


class RunLister:
    """Lists a folder of runs again and again; what has not changed is not read again."""

    def __init__(self, runs_dir: Path) -> None:
        self._runs_dir = runs_dir
        self._readers: dict[Path, SummaryReader] = {}
        self._summaries: dict[Path, RunSummary] = {}
        self._index: dict[str, Known] | None = None
        self.unread = 0
        """Runs that the last call had no time for."""

    def refresh(self, patience: float = inf) -> list[RunSummary]:
        """Every run as it is now, newest first; those whose names tell no time come last.

        Args:
            patience: Seconds, after which runs that were never read are left for the next call (`unread`).

        Raises:
            RunFolderError: The folder cannot be read.
        """
        deadline = monotonic() + patience
        paths = _folders(self._runs_dir)
        if self._index is None:
            self._index = read_index(self._runs_dir)
        self._readers = {path: self._readers.get(path) or self._reader(path) for path in paths}
        before, self._summaries = self._summaries, {}
        for path, reader in self._readers.items():
            if path in before or monotonic() < deadline:
                self._summaries[path] = reader.read()
        self.unread = len(paths) - len(self._summaries)
        if not self.unread:
            self._keep()
        return list(self._summaries.values())

    def _reader(self, path: Path) -> SummaryReader:
        return SummaryReader(RunFolder(path), (self._index or {}).get(path.name))

    def _keep(self) -> None:
        """Write the index where it would spare the next reader anything."""
        known = {path.name: known for path, reader in self._readers.items() if (known := reader.known)}
        if known.keys() - (self._index or {}).keys() or len(known) < len(self._index or {}) // 2:
            write_index(self._runs_dir, known)
            self._index = known


def _opened(path: Path) -> RunFolder | SweepFolder:
    return SweepFolder.open(path) if looks_like_sweep(path) else RunFolder.open(path)


def _matches(name: str, names: list[str], runs_dir: Path) -> Iterator[list[str]]:
    """What a part of a name may stand for, the likeliest first."""
    if not name:
        return
    yield [known for known in names if short_name(known) == name]
    sweeps = {known for known in names if looks_like_sweep(runs_dir / known)}
    members = {known for known in names if known.rpartition("-")[0] in sweeps}
    yield [known for known in names if name in known and known not in members]
    yield [known for known in names if name in known]
    yield [known for known in names if _name_of(runs_dir / known) == name]


def _name_of(path: Path) -> str:
    """What a person calls it; empty where nothing tells."""
    with suppress(LabelError):
        return labels_of(path).name
    return ""


def _folders(runs_dir: Path) -> list[Path]:
    """The folders of runs, newest first; anything else that lies there is not ours."""
    return _visible(runs_dir, looks_like_run)


def _is_ours(entry: os.DirEntry[str]) -> bool:
    """Whether we may have made it: none of our names is hidden, or steers the terminal that shows it."""
    if entry.name.startswith(".") or steers(entry.name):
        return False
    with suppress(OSError):  # links that lead in a circle
        return entry.is_dir()
    return False


def _visible(runs_dir: Path, *kinds: Callable[[Path], bool]) -> list[Path]:
    """The folders that look like one of these, newest first."""
    try:
        with os.scandir(runs_dir) as entries:
            names = [entry.name for entry in entries if _is_ours(entry)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunFolderError(f"The runs folder {runs_dir} cannot be read: {error.strerror}.") from None
    names.sort(key=lambda name: (bool(_TIMED.match(name)), name), reverse=True)
    runs_dir = Path(os.path.abspath(runs_dir))  # noqa: PTH100 - links stay as the person wrote them
    return [path for path in (runs_dir / name for name in names) if any(kind(path) for kind in kinds)]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
