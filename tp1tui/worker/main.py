"""The worker process: take a run folder, train what it asks for, leave a journal that says how it ended."""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType

from tp1tui.journal import commands
from tp1tui.journal.events import Failed, Preparing, Warned
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.lock import AlreadyRunning, RunLock
from tp1tui.journal.writer import JournalWriter

DONE, FAILED, WRONG_USAGE = 0, 1, 2


class Leave:
    """Set by SIGTERM or SIGINT: write a checkpoint and go, so that the run can be resumed."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        self.asked = True


def main() -> int:
    """Work on one run folder. Returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tp1tui.worker", description="Train one run folder.")
    parser.add_argument("run", type=Path, help="a run folder")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    arguments = parser.parse_args()
    leave = _mind_signals()
    try:
        folder = RunFolder.open(arguments.run)
        with RunLock(folder), JournalWriter(folder.journal_path) as journal:
            return _work(folder, journal, arguments.device, leave)
    except (RunFolderError, AlreadyRunning) as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_USAGE


def _mind_signals() -> Leave:
    """Outlive the terminal; leave tidily when asked to."""
    leave = Leave()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave.ask)
    signal.signal(signal.SIGINT, leave.ask)
    return leave


def _work(folder: RunFolder, journal: JournalWriter, device: str, leave: Leave) -> int:
    commands.take(folder)  # what was asked of an earlier worker and not obeyed is not meant for this one
    journal.append(Preparing(time=time.time(), step=0, what="starting torch"))
    if journal.cut_bytes:
        told = f"The journal's last line had no end; {journal.cut_bytes} bytes of it were cut off."
        journal.append(Warned(time=time.time(), step=0, message=told))
    from tp1tui.worker.failure import reason_for
    from tp1tui.worker.prepare import prepare

    experiment = None
    try:
        experiment = folder.spec().experiment
        prepare(folder, journal, device, leave).run()
    except Exception as error:  # whatever it is, the journal must say so
        traceback.print_exc()
        details = "".join(traceback.format_exception(error)[-3:])
        reason = reason_for(error, experiment)
        journal.append(Failed(time=time.time(), step=journal.step, reason=reason, details=details))
        journal.sync()
        return FAILED
    return DONE
