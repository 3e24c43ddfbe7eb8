"""Commands that are printed to be pasted into the shell: what they name is found from the folder that one is in."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tp1tui import settings

_TIMED = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_")
"""How an id begins that we gave."""


def command(*words: str | Path, runs_dir: Path | None = None) -> str:
    """`tp1tui` with these words, each quoted where the shell would take it apart.

    Args:
        words: The verb and what it takes.
        runs_dir: The folder of runs that it is about, if it is about one; named where it is not the usual place.
    """
    place = [] if runs_dir is None or _is_usual(runs_dir) else ["--runs-dir", runs_dir.absolute()]
    return shlex.join(map(str, ("tp1tui", *words, *place)))


def command_on(run: Path, *words: str | Path) -> str:
    """The same of a verb that takes a run or a sweep, by its id where it lies in the usual place, else by its path.

    Args:
        run: Its folder.
        words: The verb, with what stands before the run.
    """
    return command(*words, _short(run.name) if _is_usual(run.parent) else run.absolute())


def _is_usual(runs_dir: Path) -> bool:
    return runs_dir.absolute() == settings.runs_dir().absolute()


def _short(run_id: str) -> str:
    return _TIMED.sub("", run_id, count=1)
