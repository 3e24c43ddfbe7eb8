"""Start workers. Free of torch, so that front ends may use it."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import is_held
from tp1tui.spec.preset import RunSpec


class LaunchError(Exception):
    """A run that cannot be started. Its text is a sentence."""


class UnknownDevice(LaunchError):  # noqa: N818 - what a person did, not an error of the program's
    """A name that stands for no device. Its text says which do."""


def check_device(name: str) -> str:
    """The name of a device, as written; whether it is there only a worker can say.

    Raises:
        UnknownDevice: It is no device's name.
    """
    if not re.fullmatch(r"auto|cpu|cuda(:(0|[1-9]\d{0,2}))?", name):
        raise UnknownDevice(f"There is no device {name!r}. Allowed: auto, cpu, cuda, cuda:0, cuda:1, …")
    return name


def start(spec: RunSpec, runs_dir: Path, device: str) -> RunFolder:
    """Make a run folder and start a worker on it.

    Args:
        spec: What to train.
        runs_dir: Made if it is not there.
        device: auto, cpu, cuda or cuda:N.

    Raises:
        LaunchError: The folder cannot be written, or no worker can be started.
    """
    check_device(device)
    try:
        folder = RunFolder.create(runs_dir, spec, datetime.now().astimezone())
    except RunFolderError as error:
        raise LaunchError(str(error)) from None
    _spawn(folder, device)
    return folder


def resume(folder: RunFolder, device: str | None = None) -> None:
    """Start a worker on a run that has none: interrupted, stopped, failed, or never begun.

    Args:
        folder: Of the run.
        device: auto, cpu, cuda or cuda:N; the one it ran on before when left out.

    Raises:
        LaunchError: A worker holds it already, or none can be started.
    """
    if is_held(folder):
        raise LaunchError(f"{folder.id} is being worked on already.")
    _spawn(folder, check_device(device or _last_device(folder)))


def _last_device(folder: RunFolder) -> str:
    follower = Follower(folder)
    follower.poll()
    return follower.record.device or "auto"


def _spawn(folder: RunFolder, device: str) -> None:
    """A worker in a session of its own: it outlives this process and its terminal.

    With -P, since a student's random.py in the current folder is not the one that torch imports.
    """
    command = [sys.executable, "-P", "-m", "tp1tui.worker", str(folder.path.absolute()), "--device", device]
    try:
        with folder.log_path.open("ab") as log:
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    except OSError as error:
        raise LaunchError(f"No worker can be started for {folder.path}: {error.strerror or error}.") from None
