"""Start runs, at once or in turn, and take them up again. Free of torch, so that front ends may use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tp1tui.journal.folder import RunFolder, RunFolderError, check_private
from tp1tui.journal.follow import Follower
from tp1tui.journal.gone import gone, is_gone
from tp1tui.journal.lock import is_held
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import end_of_line, put_in_line, take_out_of_line, ticket_of
from tp1tui.spec.frozen import Frozen, MeasureSpec, SweepSpec
from tp1tui.spec.sharing import why_not_shared
from tp1tui.worker.device_name import check_device
from tp1tui.worker.line import free_device
from tp1tui.worker.line_lock import entering, is_served
from tp1tui.worker.slots import parts, slots, told_to_worker
from tp1tui.worker.spawning import LaunchError, serve_line, spawn

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
    with _waiting(folder):
        put_in_line(folder, device)
        _begin(folder, device, give)
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
    with entering(runs_dir):  # of two who look at the same moment, the second sees the first one's ticket
        slot = free_device(runs_dir, device, all_slots)
        folder = _new_folder(spec, runs_dir, device)
        with _waiting(folder):
            put_in_line(folder, device)
    with _waiting(folder):
        if slot is None or is_served(runs_dir):  # whoever serves the line would start it, too
            serve_line(runs_dir)
        else:
            _begin(folder, told_to_worker(device, slot, all_slots), give)
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
    if not folders:
        return
    runs_dir = folders[0].path.parent
    with _waiting(*folders):
        with entering(runs_dir):
            place = end_of_line(runs_dir)
            for number, folder in enumerate(folders):
                put_in_line(folder, check_device(device or _last_device(folder) or otherwise), place + number)
        serve_line(runs_dir)


def resume(folder: RunFolder, device: str | None = None, give: Give = nobody_waits) -> None:
    """Let a worker go on with a run that has none: interrupted, stopped, failed, or never begun.

    Args:
        folder: Of the run.
        device: auto, cpu, cuda or cuda:N; the one it ran on before when left out.
        give: To a worker that waits for a run.

    Raises:
        LaunchError: A worker holds it already, its folder is gone, or none can be started.
    """
    if is_gone(folder):
        raise LaunchError(gone(folder))
    if is_held(folder):
        raise LaunchError(f"{folder.id} is being worked on already.")
    _check_private(folder)
    device = check_device(device or _last_device(folder) or "auto")
    take_out_of_line(folder)
    _begin(folder, device, give)


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


@contextmanager
def _waiting(*folders: RunFolder) -> Iterator[None]:
    """While runs are put in line and somebody is found to start them; where that fails, none of them waits.

    Raises:
        LaunchError: It fails.
    """
    try:
        yield
    except (LaunchError, RunFolderError) as error:
        for folder in folders:
            take_out_of_line(folder)
        raise LaunchError(str(error)) from None


def _begin(folder: RunFolder, device: str, give: Give) -> None:
    """Let a worker have a run: one that waits for one, else a new one."""
    if not _taken(give, folder, device):
        spawn(folder, device)


def _taken(give: Give, folder: RunFolder, device: str) -> bool:
    """Whether a worker that waits takes a run up; one process alone cannot take what several devices share."""
    return len(parts(device)) == 1 and give(folder, device)


def _last_device(folder: RunFolder) -> str | None:
    """What a run waits for, or where it ran."""
    if ticket := ticket_of(folder):
        return ticket.device
    follower = Follower(folder)
    follower.poll()
    return follower.record.device


def _check_private(folder: RunFolder) -> None:
    try:
        check_private(folder)
    except RunFolderError as error:
        raise LaunchError(str(error)) from None
