"""Start workers, at once or in turn. Free of torch, so that front ends may use it."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tp1tui.files.plain import appended
from tp1tui.journal.folder import RunFolder, RunFolderError, check_private
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import ELSEWHERE, is_held
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import put_in_line, take_out_of_line, ticket_of
from tp1tui.spec.frozen import Frozen, MeasureSpec, SweepSpec
from tp1tui.spec.sharing import why_not_shared
from tp1tui.worker.line import free_device
from tp1tui.worker.line_lock import is_served
from tp1tui.worker.slots import parts, slots, told_to_worker

_GPU = r"cuda:(?:0|[1-9]\d{0,2})"


class LaunchError(Exception):
    """A run that cannot be started. Its text is a sentence."""


class UnknownDevice(LaunchError):  # noqa: N818 - what a person did, not an error of the program's
    """A name that stands for no device. Its text says which do."""


def check_device(name: str) -> str:
    """The name of a device, or of several that are to share a run, as written; whether they are there a worker says.

    Raises:
        UnknownDevice: It is no device's name.
    """
    if re.fullmatch(rf"auto|cpu|cuda|{_GPU}|cpu(,cpu)+", name):
        return name
    gpus = parts(name)
    if re.fullmatch(rf"{_GPU}(,{_GPU})+", name) and len(set(gpus)) == len(gpus):
        return name
    told = "Allowed: auto, cpu, cuda, cuda:0, cuda:1, …, and GPUs that share each batch, as in cuda:0,cuda:1."
    raise UnknownDevice(f"There is no device {name!r}. {told}")


Give = Callable[[RunFolder, str], bool]
"""Gives a run, with the device for it, to a worker that waits for one; returns whether there was one and it took it."""


def nobody_waits(folder: RunFolder, device: str) -> bool:
    """Where no worker waits for a run, one is started."""
    return False


@dataclass(frozen=True)
class Entered:
    """A new run, and whether it must wait for its turn."""

    folder: RunFolder
    waits: bool


def start(spec: Frozen, runs_dir: Path, device: str, give: Give = nobody_waits) -> RunFolder:
    """Make a run folder and start a worker on it at once, whatever else goes on.

    Args:
        spec: What to train or measure.
        runs_dir: Made if it is not there.
        device: auto, cpu, cuda or cuda:N.
        give: To a worker that waits for a run.

    Raises:
        LaunchError: The folder cannot be written, or no worker can be started.
    """
    folder = _new_folder(spec, runs_dir, device)
    _begin(folder, device, device, give)
    return folder


def start_in_turn(spec: Frozen, runs_dir: Path, device: str, give: Give = nobody_waits) -> Entered:
    """Make a run folder and start a worker on it; where a run goes on or waits on that device, put it in line.

    Args:
        spec: What to train or measure.
        runs_dir: Made if it is not there.
        device: auto, cpu, cuda or cuda:N.
        give: To a worker that waits for a run.

    Raises:
        LaunchError: The folder cannot be written, or nothing can be started.
    """
    check_device(device)
    all_slots = slots()
    slot = free_device(runs_dir, device, all_slots)
    folder = _new_folder(spec, runs_dir, device)
    if slot is None or is_served(runs_dir):  # whoever serves the line would start it, too
        queue([folder], device)
    else:
        _begin(folder, device, told_to_worker(device, slot, all_slots), give)
    return Entered(folder, waits=slot is None)


def must_wait(runs_dir: Path, device: str) -> bool:
    """Whether what is started now for a device would wait for its turn."""
    return free_device(runs_dir, device, slots()) is None


def start_sweep(spec: SweepSpec, runs_dir: Path, device: str) -> SweepFolder:
    """Make the folders of a sweep and put its runs in line.

    Args:
        spec: What to train.
        runs_dir: Made if it is not there.
        device: auto, cpu, cuda or cuda:N; for each run.

    Raises:
        LaunchError: The folders cannot be written, or nothing can be started.
    """
    check_device(device)
    try:
        sweep = SweepFolder.create(runs_dir, spec, datetime.now().astimezone())
        folders = [folder for _, folder in sweep.runs()]
    except RunFolderError as error:
        raise LaunchError(str(error)) from None
    try:
        queue(folders, device)
    except LaunchError:
        if not any(is_held(folder) for folder in folders):
            sweep.discard()
        raise
    return sweep


def queue(folders: Sequence[RunFolder], device: str | None = None, otherwise: str = "auto") -> None:
    """Put runs of one folder in line, in this order, and see that somebody serves it.

    Args:
        folders: Of runs that no worker has; those that wait already take a new place.
        device: auto, cpu, cuda or cuda:N; for each the one that it waits for or ran on before when left out.
        otherwise: For those of which no device is known.

    Raises:
        LaunchError: A folder cannot be written, or nothing can be started; then none of them waits.
    """
    place = time.time_ns()
    try:
        for number, folder in enumerate(folders):
            put_in_line(folder, check_device(device or _last_device(folder) or otherwise), place + number)
        if folders:
            serve_line(folders[0].path.parent)
    except (LaunchError, RunFolderError) as error:
        for folder in folders:
            take_out_of_line(folder)
        raise LaunchError(str(error)) from None


def _new_folder(spec: Frozen, runs_dir: Path, device: str) -> RunFolder:
    devices = len(parts(check_device(device)))
    if devices > 1 and isinstance(spec, MeasureSpec):
        raise LaunchError("A measure takes one device. Name one of them.")
    if devices > 1 and spec.training and (reason := why_not_shared(spec.training.experiment, devices)):
        raise LaunchError(reason)
    try:
        return RunFolder.create(runs_dir, spec, datetime.now().astimezone())
    except RunFolderError as error:
        raise LaunchError(str(error)) from None


def _taken(give: Give, folder: RunFolder, device: str) -> bool:
    """Whether a worker that waits takes a run up; one process alone cannot take what several devices share."""
    return len(parts(device)) == 1 and give(folder, device)


def _begin(folder: RunFolder, asked: str, device: str, give: Give) -> None:
    """Let a worker begin a run that has its place in line until then, so that nothing else takes its device."""
    try:
        put_in_line(folder, asked)
        if not _taken(give, folder, device):
            spawn(folder, device)
    except (LaunchError, RunFolderError) as error:
        take_out_of_line(folder)
        raise LaunchError(str(error)) from None


def serve_line(runs_dir: Path) -> None:
    """Start the dispatcher of a folder of runs; where there is one already, the new one goes at once.

    Raises:
        LaunchError: It cannot be started.
    """
    command = [sys.executable, "-P", "-m", "tp1tui.worker.dispatcher", str(runs_dir.absolute())]
    _detached(command, runs_dir / ".dispatcher.log")


def resume(folder: RunFolder, device: str | None = None, give: Give = nobody_waits) -> None:
    """Let a worker go on with a run that has none: interrupted, stopped, failed, or never begun.

    Args:
        folder: Of the run.
        device: auto, cpu, cuda or cuda:N; the one it ran on before when left out.
        give: To a worker that waits for a run.

    Raises:
        LaunchError: A worker holds it already, or none can be started.
    """
    if is_held(folder):
        raise LaunchError(f"{folder.id} is being worked on already.")
    _check_private(folder)
    device = check_device(device or _last_device(folder) or "auto")
    take_out_of_line(folder)
    if not _taken(give, folder, device):
        spawn(folder, device)


def _check_private(folder: RunFolder) -> None:
    try:
        check_private(folder)
    except RunFolderError as error:
        raise LaunchError(str(error)) from None


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


def _worker(folder: RunFolder, device: str) -> list[str]:
    """The command of a worker; where several devices share the run, torch's launcher starts one for each."""
    worker = [sys.executable, "-P", "-m", "tp1tui.worker", str(folder.path.absolute()), "--device", device]
    processes = len(parts(device))
    if processes == 1:
        return worker
    launcher = [sys.executable, "-P", "-m", "torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1"]
    return [*launcher, f"--nproc-per-node={processes}", "--no-python", *worker]


def _last_device(folder: RunFolder) -> str | None:
    """What a run waits for, or where it ran."""
    if ticket := ticket_of(folder):
        return ticket.device
    follower = Follower(folder)
    follower.poll()
    return follower.record.device


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
