"""Leaving when the system says so: tidily while there is a terminal, at once when that is gone."""

from __future__ import annotations

import os
import select
import signal
from asyncio import AbstractEventLoop
from collections.abc import Callable
from threading import Thread


def leave_when_told(loop: AbstractEventLoop, leave: Callable[[], object]) -> None:
    """Leave the terminal as it was found when a signal asks this process to end.

    Args:
        loop: Of the app, in the main thread.
        leave: Called in it.
    """
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, leave)


def end_with_terminal(terminal: int) -> None:
    """End this process when its terminal is gone: nobody can see it or press a key, and trainings need it not.

    A shell that ignores SIGHUP, and a container whose client was lost, send none. Reading from such a terminal then
    gives nothing at once, again and again, and whatever is written waits for ever.

    Args:
        terminal: Its file descriptor.
    """
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    Thread(target=_end_after, args=(terminal,), name="hangup", daemon=True).start()


def _end_after(terminal: int) -> None:
    poll = select.poll()
    poll.register(terminal, 0)  # no news but that it hung up
    if any(event & select.POLLHUP for _, event in poll.poll()):  # not POLLNVAL: a system that cannot tell
        os.kill(os.getpid(), signal.SIGHUP)
