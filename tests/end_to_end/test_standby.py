"""The standby worker of real screens: there while they are, gone when they are, however they end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.end_to_end.tmux import Tmux, needs_tmux
from tests.waiting import until

pytestmark = [pytest.mark.end_to_end, needs_tmux]

SCRIPT = Path(sys.executable).with_name("tp1tui")


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[Tmux]:
    """The bench, after the welcome."""
    window = Tmux(str(SCRIPT), tmp_path, 120, 40)
    window.wait_for("welcome to tp1tui")
    window.press("Escape")
    window.wait_for("Start here")
    yield window
    window.close()


def standby_of(screens: Tmux) -> psutil.Process:
    """The standby worker, as soon as there is one."""

    def look() -> psutil.Process | None:
        below = psutil.Process(screens.pid()).children(recursive=True)
        return next((process for process in below if "tp1tui.worker.standby_process" in process.cmdline()), None)

    return until(look, "a standby worker")


def quit_them(screens: Tmux) -> None:
    screens.press("q")


def kill_them(screens: Tmux) -> None:
    os.kill(screens.pid(), signal.SIGKILL)


def close_the_terminal(screens: Tmux) -> None:
    screens.close()


@pytest.mark.parametrize("end", [quit_them, kill_them, close_the_terminal])
def test_it_leaves_with_the_screens(end: Callable[[Tmux], None], screens: Tmux) -> None:
    standby = standby_of(screens)
    end(screens)
    until(lambda: not standby.is_running(), "the standby worker to go")
