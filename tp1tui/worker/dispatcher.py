"""The one process that starts the runs of a folder that wait in line, one at a time on each device.

    python -m tp1tui.worker.dispatcher RUNS_DIR

Started by whoever puts a run in line, held to one by a lock, gone when nobody waits any more. Free of torch.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.listing import run_folders
from tp1tui.journal.lock import is_held
from tp1tui.journal.tickets import Ticket, line, take_out_of_line
from tp1tui.worker.launcher import LaunchError, spawn
from tp1tui.worker.slots import CPU, free_slot, slots

LOCK = ".dispatcher.lock"
LOOK_EVERY = 0.3
"""Seconds between two looks at the line and at the workers."""


def main() -> int:
    """Serve the line until it is empty. Returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tp1tui.worker.dispatcher", description="Start waiting runs.")
    parser.add_argument("runs_dir", type=Path, help="a folder of runs")
    runs_dir: Path = parser.parse_args().runs_dir
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    while line(runs_dir):  # looked at again once the lock is free: whoever came meanwhile found it taken
        with _only_one(runs_dir) as mine:
            if not mine:
                return 0
            Dispatcher(runs_dir).serve()
    return 0


class Dispatcher:
    """Starts workers while runs wait."""

    def __init__(self, runs_dir: Path) -> None:
        self._runs_dir = runs_dir
        self._slots = slots()
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        """By the device that each was given."""

    def serve(self) -> None:
        """Until nobody waits. Workers that were started go on by themselves."""
        while waiting := line(self._runs_dir):
            self._workers = {slot: worker for slot, worker in self._workers.items() if worker.poll() is None}
            taken = set(self._workers) | self._taken_by_others()
            for folder, ticket in waiting:
                slot = free_slot(ticket.device, self._slots, taken)
                if slot is not None:
                    taken.add(slot)
                    self._start(folder, ticket, slot)
            time.sleep(LOOK_EVERY)

    def _start(self, folder: RunFolder, ticket: Ticket, slot: str) -> None:
        if is_held(folder) or not take_out_of_line(folder):  # somebody was faster
            return
        several = len(self._slots) > 2
        device = slot if several or ticket.device != "auto" else "auto"
        try:
            self._workers[slot] = spawn(folder, device)
        except LaunchError as error:
            sys.stderr.write(f"{error}\n")

    def _taken_by_others(self) -> set[str]:
        """Devices with a run on them that was started elsewhere, or by an earlier dispatcher."""
        mine = {worker.pid for worker in self._workers.values()}
        found: set[str] = set()
        with suppress(RunFolderError, OSError):
            for folder in run_folders(self._runs_dir):
                if is_held(folder):
                    follower = Follower(folder)
                    follower.poll()
                    if follower.record.pid not in mine:
                        found.add(follower.record.device or self._default)
        return found

    @property
    def _default(self) -> str:
        """Where a worker that has not said so yet probably is."""
        return self._slots[0] if self._slots else CPU


@contextmanager
def _only_one(runs_dir: Path) -> Iterator[bool]:
    """Hold the lock of a folder's dispatcher; gives whether it could be had."""
    from portalocker import LockException, LockFlags, lock

    file = os.open(runs_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            lock(file, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
        except LockException:
            yield False
        else:
            yield True
    finally:
        os.close(file)


if __name__ == "__main__":
    sys.exit(main())
