"""A worker that has behind it what takes seconds whatever the run is, and waits until it is given one.

    python -m tp1tui.worker.standby_process      (its standard input is a socket to who started it)

It says `ready VERSION` once torch is there, answers the first request with `taken`, and is from then on a worker as any
other. It goes at once when the socket is closed before that, which happens however its front end ends.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

from tp1tui import __version__, settings
from tp1tui.files.plain import appended
from tp1tui.journal.folder import RunFolder
from tp1tui.worker.main import work_on
from tp1tui.worker.standby import READY, TAKEN, received


def main() -> int:
    """Wait for a run, then work on it. Returns the process's exit code."""
    settings.rest_while_waiting()
    front_end = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    warming = Thread(target=_warm, args=(front_end,), daemon=True)
    warming.start()
    request = _request(front_end)
    if not request:
        os._exit(0)  # perhaps in the middle of an import; there is nothing to tidy up
    asked = json.loads(request)
    warming.join()
    folder = RunFolder(Path(asked["run"]))
    _write_to(folder.log_path)  # where it cannot, the run is not taken, and an ordinary worker's start says why
    with suppress(OSError):  # who asked is gone by now, but asked
        front_end.sendall(f"{TAKEN}\n".encode())
    front_end.close()
    return work_on(folder.path, asked["device"])


def _request(front_end: socket.socket) -> str:
    """What is asked, once it is; empty when nobody will ask any more."""
    with suppress(ConnectionResetError):  # so is the end called of who never read that this is ready
        return received(front_end)
    return ""


def _warm(front_end: socket.socket) -> None:
    """Import all that a worker needs, in time that nobody else wants."""
    _step_back()
    try:
        import torch

        import tp1tui.worker.failure
        import tp1tui.worker.measuring
        import tp1tui.worker.prepare  # noqa: F401

        torch.cuda.is_available()  # finds the driver; no memory of a GPU is taken
        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)  # the first one imports torch's compiler
        front_end.sendall(f"{READY} {__version__}\n".encode())
    except BaseException:  # whatever it is, an ordinary worker will meet it, too, and has a journal to tell it
        os._exit(1)


def _step_back() -> None:
    """Let this thread, and none that it starts, run only while a processor has nothing else to do."""
    if sys.platform == "linux":
        with suppress(OSError):  # not allowed in some containers
            os.sched_setscheduler(0, os.SCHED_IDLE | os.SCHED_RESET_ON_FORK, os.sched_param(0))


def _write_to(log_path: Path) -> None:
    """Let go of who started this: nothing is read from there, and what is printed goes to the run's log."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    with appended(log_path) as log:
        for file, place in ((nothing, 0), (log.fileno(), 1), (log.fileno(), 2)):
            os.dup2(file, place)
    os.close(nothing)


if __name__ == "__main__":
    sys.exit(main())
