"""The one process that starts the runs of a folder that wait in line, on each device one at a time, or one group.

    python -m tp1tui.worker.dispatcher RUNS_DIR

Started by whoever puts a run in line, held to one by a lock, gone when nobody waits any more. Free of torch. A run
keeps its place in line until its worker holds it, so that nothing is lost when this process is killed; the next one
goes on from there. Members of a sweep that may train together and are worth it (`groups`) get one worker for all.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tp1tui import settings
from tp1tui.journal.lock import holder, is_held
from tp1tui.journal.summary import SummaryReader
from tp1tui.journal.tickets import line, take_out_of_line, ticket_of
from tp1tui.worker.groups import Groups, Waiting
from tp1tui.worker.line import device_of, going_on
from tp1tui.worker.line_lock import CannotLock, only_one
from tp1tui.worker.slots import CPU, free_slot, parts, slots, told_to_worker, wanted_slots
from tp1tui.worker.spawning import LaunchError, spawn_from_line, spawn_together

LOOK_EVERY = 0.5
"""Seconds between two looks at the line and at the workers."""


def main() -> int:
    """Serve the line until it is empty. Returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tp1tui.worker.dispatcher", description="Start waiting runs.")
    parser.add_argument("runs_dir", type=Path, help="a folder of runs")
    runs_dir: Path = parser.parse_args().runs_dir
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        while line(runs_dir):  # looked at again once the lock is free: whoever came meanwhile found it taken
            with only_one(runs_dir) as mine:
                if not mine:
                    return 0
                Dispatcher(runs_dir).serve()
    except (CannotLock, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


@dataclass(frozen=True)
class _Started:
    """A worker of ours."""

    runs: Sequence[Waiting]
    """One, or those that train together."""
    process: subprocess.Popen[bytes]


class Dispatcher:
    """Starts workers while runs wait."""

    def __init__(self, runs_dir: Path) -> None:
        self._runs_dir = runs_dir
        self._slots = slots()
        self._started: dict[str, _Started] = {}
        """By the device that each was given."""
        self._groups = Groups()
        self._readers: dict[Path, SummaryReader] = {}
        """Of runs with workers that are not ours."""

    def serve(self) -> None:
        """Until nobody waits. Workers that were started go on by themselves."""
        while self._look():
            time.sleep(LOOK_EVERY)

    def _look(self) -> bool:
        """Start what can be started; returns whether anybody waits."""
        self._reap()
        starting = {folder.path for worker in self._started.values() for folder, _ in worker.runs}
        waiting = line(self._runs_dir)
        served = [(folder, ticket) for folder, ticket in waiting if folder.path not in starting]
        if any(free_slot(ticket.device, self._slots, set(self._started)) for _, ticket in served):
            self._serve_free(served, set(self._started) | self._taken_by_others())
        return bool(waiting)

    def _serve_free(self, served: list[Waiting], taken: set[str]) -> None:
        """Start what can be started on devices that are not taken."""
        while served:
            first = served.pop(0)
            device = first[1].device
            slot = free_slot(device, self._slots, taken)
            if slot is None:  # a run that waits for several devices is not overtaken on one of them
                taken.update(wanted_slots(device, self._slots))
                continue
            group = self._groups.with_first(first, served) if _takes_stacks(slot) else [first]
            if self._start(group, slot):
                taken.add(slot)
                served = [run for run in served if run not in group]

    def _reap(self) -> None:
        """Forget workers that have ended. A run whose worker did not take it up would only see that again."""
        for slot, worker in list(self._started.items()):
            if worker.process.poll() is None:
                continue
            del self._started[slot]
            left = [(folder, ticket) for folder, ticket in worker.runs if ticket_of(folder) == ticket]
            for folder, _ in left:
                if len(worker.runs) > 1:  # alone it says what hinders it, if anything but the others did
                    self._groups.leave_alone(folder)
                elif take_out_of_line(folder):
                    sys.stderr.write(f"{folder.id} could not be taken up; {folder.log_path} says why.\n")

    def _start(self, runs: Sequence[Waiting], slot: str) -> bool:
        folder, ticket = runs[0]
        if is_held(folder):  # by the worker of an earlier dispatcher, which takes it out of line in a moment
            return False
        device = told_to_worker(ticket.device, slot, self._slots)
        folders = [each for each, _ in runs]
        try:
            process = spawn_together(folders, device) if len(runs) > 1 else spawn_from_line(folder, device)
        except LaunchError as error:
            sys.stderr.write(f"{error}\n")
            take_out_of_line(folder)
            return False
        self._started[slot] = _Started(runs, process)
        return True

    def _taken_by_others(self) -> set[str]:
        """Devices with a run on them that was started elsewhere, or by an earlier dispatcher."""
        mine = {worker.process.pid for worker in self._started.values()}
        others = [folder for folder in going_on(self._runs_dir) if holder(folder) not in mine]
        self._readers = {folder.path: self._readers.get(folder.path) or SummaryReader(folder) for folder in others}
        return {device_of(reader, self._slots) for reader in self._readers.values()}


def _takes_stacks(slot: str) -> bool:
    """Whether members of a sweep may train together there; what several devices share is one run always."""
    return len(parts(slot)) == 1 and (slot == CPU or settings.stacks_on_gpus())


if __name__ == "__main__":
    sys.exit(main())
