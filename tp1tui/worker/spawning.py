"""Start the processes that train: workers, and the dispatcher of a folder of runs. Free of torch.

Each has a session of its own, so that it outlives who started it.
"""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tp1tui.files.plain import appended
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import ELSEWHERE
from tp1tui.worker.slots import parts


class LaunchError(Exception):
    """A run that cannot be started. Its text is a sentence."""


def spawn(folder: RunFolder, device: str) -> subprocess.Popen[bytes]:
    """Start a worker on a run.

    Raises:
        LaunchError: It cannot be started.
    """
    return _detached(_worker(folder, device), folder.log_path)


def spawn_from_line(folder: RunFolder, device: str) -> subprocess.Popen[bytes]:
    """Start a worker on a run that waits in line: it takes the run out of line once it holds it.

    When the run waits no more by then, since a person took it out, the worker leaves it as it is.

    Raises:
        LaunchError: It cannot be started.
    """
    return _detached([*_worker(folder, device), "--from-line"], folder.log_path)


def spawn_together(folders: Sequence[RunFolder], device: str) -> subprocess.Popen[bytes]:
    """Start one worker on several runs that wait in line; it leaves alone those that wait no more by then.

    Args:
        folders: Of runs whose experiments may train together, none of them begun.
        device: auto, cpu, cuda or cuda:N.

    Raises:
        LaunchError: It cannot be started.
    """
    runs = [str(folder.path.absolute()) for folder in folders]
    command = [sys.executable, "-P", "-m", "tp1tui.worker.together", *runs, "--device", device]
    return _detached(command, folders[0].log_path)


def serve_line(runs_dir: Path) -> None:
    """Start the dispatcher of a folder of runs; where there is one already, the new one goes at once.

    Raises:
        LaunchError: It cannot be started.
    """
    command = [sys.executable, "-P", "-m", "tp1tui.worker.dispatcher", str(runs_dir.absolute())]
    _detached(command, runs_dir / ".dispatcher.log")


def _worker(folder: RunFolder, device: str) -> list[str]:
    """The command of a worker; where several devices share the run, torch's launcher starts one for each."""
    worker = [sys.executable, "-P", "-m", "tp1tui.worker", str(folder.path.absolute()), "--device", device]
    processes = len(parts(device))
    if processes == 1:
        return worker
    launcher = [sys.executable, "-P", "-m", "torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1"]
    return [*launcher, f"--nproc-per-node={processes}", "--no-python", *worker]


def _detached(command: list[str], log_path: Path) -> subprocess.Popen[bytes]:
    """A process in a session of its own: it outlives this one and its terminal.

    With -P, since a student's random.py in the current folder is not the one that torch imports.
    """
    try:
        with appended(log_path) as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    except OSError as error:
        way_out = f" {ELSEWHERE}" if error.errno in (errno.EROFS, errno.EACCES) else ""
        where = f" {error.filename}:" if error.filename else ""
        raise LaunchError(
            f"Nothing can be started for {log_path.parent}:{where} {error.strerror or error}.{way_out}"
        ) from None
