"""The line as it stands: what goes on on each device, and what waits for it. Free of torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.line_order import Way
from tp1tui.journal.line_order import move as move_among
from tp1tui.journal.listing import run_folders
from tp1tui.journal.lock import is_held
from tp1tui.journal.summary import RunSummary, SummaryReader
from tp1tui.journal.tickets import Ticket, line, ticket_of
from tp1tui.spec.experiment import Experiment
from tp1tui.worker.slots import CPU, free_slot, parts_of, slots, wanted_slots

ANY_GPU = "any GPU"


@dataclass(frozen=True)
class Standing:
    """A run that goes on or waits."""

    run: RunSummary
    experiment: Experiment | None
    """What it trains; None where it trains nothing, or cannot be read."""
    ticket: Ticket | None
    """None for a run that goes on."""


@dataclass(frozen=True)
class DeviceLine:
    """What goes on on a device, and what waits for it; or what waits for any GPU, where there are several."""

    device: str
    """cpu, cuda:N, or `any GPU`."""
    slots: tuple[str, ...]
    """Devices of which any one will do."""
    going: tuple[Standing, ...]
    """At most one, unless more were started at once."""
    waiting: tuple[Standing, ...]
    """In order."""


class LineReader:
    """Reads the line of a folder of runs again and again; what has not changed is not read again."""

    def __init__(self, runs_dir: Path, all_slots: tuple[str, ...] | None = None) -> None:
        """Prepare to read.

        Args:
            runs_dir: The folder of runs.
            all_slots: The devices of this machine; found out when left out.
        """
        self._runs_dir = runs_dir
        self.all_slots = slots() if all_slots is None else all_slots
        """The devices of this machine."""
        self._readers: dict[Path, SummaryReader] = {}
        self._experiments: dict[Path, Experiment | None] = {}

    def read(self) -> tuple[DeviceLine, ...]:
        """The line as it is now: every device of this machine, and what else is waited for."""
        held = going_on(self._runs_dir)
        tickets = {folder: ticket for folder, ticket in line(self._runs_dir) if folder not in held}
        folders = [*held, *tickets]
        self._readers = {folder.path: self._readers.get(folder.path) or SummaryReader(folder) for folder in folders}
        self._experiments = {folder.path: self._experiment(folder) for folder in folders}
        standing = [
            Standing(self._readers[folder.path].read(), self._experiments[folder.path], tickets.get(folder))
            for folder in folders
        ]
        return self._by_device(standing)

    def _experiment(self, folder: RunFolder) -> Experiment | None:
        if folder.path in self._experiments:
            return self._experiments[folder.path]
        try:
            training = folder.spec().training
        except RunFolderError:
            return None
        return training.experiment if training else None

    def _by_device(self, standing: Sequence[Standing]) -> tuple[DeviceLine, ...]:
        guess = _guess(self.all_slots)
        going: dict[tuple[str, ...], list[Standing]] = {(slot,): [] for slot in self.all_slots}
        waiting: dict[tuple[str, ...], list[Standing]] = {}
        for one in standing:
            if one.ticket is None:
                going.setdefault((one.run.device or guess,), []).append(one)
            else:
                waiting.setdefault(wanted_slots(one.ticket.device, self.all_slots), []).append(one)
        return tuple(
            DeviceLine(_name(key), key, tuple(going.get(key, ())), tuple(waiting.get(key, ())))
            for key in dict.fromkeys((*going, *waiting))
        )


def move(runs_dir: Path, folder: RunFolder, way: Way, all_slots: tuple[str, ...]) -> bool:
    """Let a run stand elsewhere among those that wait for the same device; for the rest see `line_order.move`."""
    ticket = ticket_of(folder)
    if ticket is None:
        return False
    wanted = wanted_slots(ticket.device, all_slots)
    rivals = [(other, its) for other, its in line(runs_dir) if wanted_slots(its.device, all_slots) == wanted]
    return move_among(rivals, folder, way)


def free_device(runs_dir: Path, device: str, all_slots: tuple[str, ...]) -> str | None:
    """The device that a new run may have at once; None where it must wait for what goes on or waits already.

    Args:
        runs_dir: The folder of runs.
        device: As it was asked for: auto, cpu, cuda or cuda:N.
        all_slots: As `slots` gives them.
    """
    wanted = parts_of(wanted_slots(device, all_slots))
    if any(wanted & parts_of(wanted_slots(ticket.device, all_slots)) for _, ticket in line(runs_dir)):
        return None
    return free_slot(device, all_slots, {device_of(SummaryReader(run), all_slots) for run in going_on(runs_dir)})


def going_on(runs_dir: Path) -> list[RunFolder]:
    """The runs that a worker has."""
    try:
        return [folder for folder in run_folders(runs_dir) if is_held(folder)]
    except RunFolderError:
        return []


def device_of(run: SummaryReader, all_slots: tuple[str, ...]) -> str:
    """Where a worker is; where it probably is, when it has not said so yet."""
    return run.read().device or _guess(all_slots)


def _guess(all_slots: tuple[str, ...]) -> str:
    return all_slots[0] if all_slots else CPU


def _name(key: tuple[str, ...]) -> str:
    return key[0] if len(key) == 1 else ANY_GPU
