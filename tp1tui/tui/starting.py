"""Starting a run, a measure or a sweep, in a thread of whoever asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tp1tui.journal.prediction import freeze
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.spec.frozen import SweepSpec
from tp1tui.worker import launcher

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.spec.frozen import Frozen


@dataclass(frozen=True)
class Begun:
    """What was started."""

    folder: RunFolder | SweepFolder
    first: RunFolder
    """The run itself, or the first one of the sweep."""
    waits: bool
    """Whether its device has a run already, so that it is in line."""
    problem: str
    """Why what was expected of it could not be written, as a sentence; empty where it was."""


def begin(
    spec: Frozen | SweepSpec, runs_dir: Path, device: str, prediction: str, give: launcher.Give = launcher.nobody_waits
) -> Begun:
    """Start something, or put it in line, and freeze what is expected of it.

    Args:
        spec: What to do.
        runs_dir: Made if it is not there.
        device: auto, cpu, cuda or cuda:N.
        prediction: What is expected; empty for nothing.
        give: To a worker that waits for a run.

    Raises:
        LaunchError, RunFolderError: It cannot be started.
    """
    if isinstance(spec, SweepSpec):
        waits = launcher.must_wait(runs_dir, device)
        sweep = launcher.start_sweep(spec, runs_dir, device)
        return Begun(sweep, sweep.runs()[0][1], waits, _freeze(sweep.path, prediction))
    entered = launcher.start_in_turn(spec, runs_dir, device, give)
    return Begun(entered.folder, entered.folder, entered.waits, _freeze(entered.folder.path, prediction))


def _freeze(folder: Path, prediction: str) -> str:
    """Why it could not be; empty where it was."""
    try:
        freeze(folder, prediction)
    except OSError as error:
        return f"What you expect could not be written in {folder}: {error.strerror}."
    return ""
