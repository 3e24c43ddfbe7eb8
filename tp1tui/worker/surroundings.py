"""Where a run happens: what a reader of its journal will want to know when figures differ between two machines."""

from __future__ import annotations

import getpass
import os
import platform
import socket
import subprocess

import torch

from tp1tui import __version__
from tp1tui.engine.device import describe
from tp1tui.journal.events import Started
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.experiment import Experiment


def started(
    now: float,
    folder: RunFolder,
    experiment: Experiment | None,
    device: torch.device,
    where: str,
    data: dict[str, str],
) -> Started:
    """The journal's first words.

    Args:
        now: Seconds since 1970.
        folder: Of the run.
        experiment: What is trained; None where nothing is.
        device: Of this process.
        where: The device, or all that share the run, as a person names them.
        data: SHA-256 of each array of the dataset, by name.
    """
    return Started(
        time=now,
        step=0,
        pid=os.getpid(),
        host=socket.gethostname(),
        user=_user(),
        device=where,
        device_name=describe(device),
        threads=torch.get_num_threads(),
        versions=_versions(),
        git=_git_state(),
        data=data,
        asked=folder.asked(),
        steps_per_epoch=experiment.steps_per_epoch if experiment else 0,
        epochs=experiment.epochs if experiment else 0,
    )


def _versions() -> dict[str, str]:
    versions = {"tp1tui": __version__, "python": platform.python_version(), "torch": torch.__version__}
    return {**versions, "cuda": torch.version.cuda} if torch.version.cuda else versions


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return str(os.getuid())


def _git_state() -> str | None:
    """Commit of the current folder, with `+` when it has changes; None outside a checkout or without git."""
    try:
        commit = _git("rev-parse", "--short", "HEAD")
        return commit + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*words: str) -> str:
    answer = subprocess.run(["git", *words], capture_output=True, text=True, timeout=5, check=True)
    return answer.stdout.strip()
