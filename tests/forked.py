"""Workers without the seconds that importing torch takes: forked from a process that has it, then killed at will."""

from __future__ import annotations

import multiprocessing
import os
import sys
from contextlib import suppress
from multiprocessing.context import ForkServerContext, ForkServerProcess

import psutil

from tp1tui.journal.folder import RunFolder

_PRELOAD = ["tp1tui.worker.main", "tp1tui.worker.measuring", "tp1tui.worker.prepare", "sklearn.datasets"]


def context() -> ForkServerContext:
    """Where such workers come from."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(_PRELOAD)
    return found


_started: list[psutil.Process] = []
"""By number and age: a handle would keep two files open."""


def start(folder: RunFolder, device: str = "cpu") -> ForkServerProcess:
    """A worker on a run, as `tp1tui.worker.spawning.spawn` starts one, with the environment that holds now."""
    process = context().Process(target=_work, args=(str(folder.path.absolute()), device, dict(os.environ)))
    process.start()
    with suppress(psutil.NoSuchProcess):  # it has ended already
        _started.append(psutil.Process(process.pid))
    return process


def end_all_started() -> None:
    """Kill the workers that a test has left, as one that failed does."""
    for process in _started:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(_started)
    _started.clear()


def _work(path: str, device: str, environment: dict[str, str]) -> None:
    from tp1tui.worker.main import main

    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    log = os.open(f"{path}/worker.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.argv = ["worker", path, "--device", device]
    sys.exit(main())
