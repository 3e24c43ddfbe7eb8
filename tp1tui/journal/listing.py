"""Every run of a folder, in a line each, and finding one by a part of its name."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tp1tui.journal.folder import RunFolder, RunFolderError, looks_like_run
from tp1tui.journal.summary import RunSummary, SummaryReader

__all__ = ["RunLister", "RunSummary", "UnknownRun", "find_run", "list_runs"]

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


def find_run(name: str, runs_dir: Path) -> RunFolder:
    """The run with this id, at this path, or the only one whose id holds this text.

    Raises:
        UnknownRun: No run does, or several do.
        RunFolderError: It cannot be opened.
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

    def refresh(self) -> list[RunSummary]:
        """Every run as it is now, newest first; those whose names tell no time come last.

        Raises:
            RunFolderError: The folder cannot be read.
        """
        paths = _folders(self._runs_dir)
        self._readers = {path: self._readers.get(path) or SummaryReader(RunFolder(path)) for path in paths}
        return [reader.read() for reader in self._readers.values()]


def _folders(runs_dir: Path) -> list[Path]:
    """The folders of runs, newest first; anything else that lies there is not ours."""
    try:
        with os.scandir(runs_dir) as entries:
            names = [entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunFolderError(f"The runs folder {runs_dir} cannot be read: {error.strerror}.") from None
    names.sort(key=lambda name: (bool(_TIMED.match(name)), name), reverse=True)
    runs_dir = Path(os.path.abspath(runs_dir))  # noqa: PTH100 - links stay as the person wrote them
    return [path for path in (runs_dir / name for name in names) if looks_like_run(path)]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
