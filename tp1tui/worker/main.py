"""The worker process: take a run folder, train what it asks for, leave a journal that says how it ended."""

from __future__ import annotations

import argparse
import faulthandler
import signal
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path

from tp1tui import settings
from tp1tui.journal.events import LOST, Failed, Finished, Preparing, Warned
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.lock import AlreadyRunning, RunLock
from tp1tui.journal.tickets import take_out_of_line
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.frozen import MeasureSpec
from tp1tui.worker.inbox import Inbox, Left
from tp1tui.worker.place import FolderLost
from tp1tui.worker.room import PatientJournal
from tp1tui.worker.slots import parts

DONE, FAILED, WRONG_USAGE = 0, 1, 2
_REINSTALL = "So torch cannot be used here: install it again; `tp1tui doctor` says what is missing."


def main() -> int:
    """Work on one run folder. Returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tp1tui.worker", description="Train one run folder.")
    parser.add_argument("run", type=Path, help="a run folder")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    parser.add_argument("--from-line", action="store_true", help="only if the run still waits in line")
    arguments = parser.parse_args()
    settings.rest_while_waiting()
    return work_on(arguments.run, arguments.device, from_line=arguments.from_line)


def work_on(run: Path, device: str, *, from_line: bool = False) -> int:
    """Do what a run folder asks for.

    Args:
        run: The folder.
        device: auto, cpu, cuda or cuda:N.
        from_line: Leave it alone unless it still waits in line.

    Returns:
        The process's exit code.
    """
    faulthandler.enable()  # a crash of torch's own code says in worker.log where it was
    try:
        folder = RunFolder.open(run)
        if len(parts(device)) > 1 and settings.place_in_team():  # clusters set RANK for a lone run, too
            return _help(folder, device)
        with RunLock(folder):
            if not take_out_of_line(folder) and from_line:
                return DONE
            inbox = Inbox(folder)
            inbox.mind_signals()
            with PatientJournal(folder, inbox) as journal:
                return work(folder, journal, device, inbox)
    except (RunFolderError, AlreadyRunning) as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_USAGE
    except FolderLost as lost:  # while it waited for room to write its first words
        sys.stderr.write(f"{lost}\n")
        return FAILED
    except Left:  # likewise
        return DONE


def work(folder: RunFolder, journal: PatientJournal, device: str, inbox: Inbox) -> int:
    """Do what a run asks for; whatever goes wrong is journaled. Returns the process's exit code.

    Args:
        folder: The run, its lock held.
        journal: Its journal.
        device: auto, cpu, cuda or cuda:N.
        inbox: What is asked of this worker.
    """
    say_first(journal)
    try:
        from tp1tui.worker.measuring import measure
        from tp1tui.worker.prepare import prepare
    except Exception as error:  # a torch without its libraries can fail in any way
        return say_no_torch(journal, error)
    experiment = None
    try:
        spec = folder.spec()
        experiment = spec.experiment
        if isinstance(spec, MeasureSpec):
            measure(folder, spec, journal, device, inbox)
        else:
            prepare(folder, spec.experiment, journal, device, inbox).run()
    except Exception as error:  # whatever it is, the journal must say so
        return say_last(journal, error, experiment)
    return DONE


def say_first(journal: PatientJournal) -> None:
    """Journal that a worker has the run, which takes a moment longer to begin."""
    journal.append(Preparing(time=time.time(), step=0, what="starting torch"))
    if journal.cut_bytes:
        told = f"The journal's last line had no end; {journal.cut_bytes} bytes of it were cut off."
        journal.append(Warned(time=time.time(), step=0, message=told))


def say_no_torch(journal: PatientJournal, error: Exception) -> int:
    """Journal that torch, or what is built on it, cannot be imported. Returns the process's exit code."""
    traceback.print_exception(error)
    _journal_failure(journal, f"{type(error).__name__}: {error}. {_REINSTALL}", error)
    return FAILED


def say_last(journal: PatientJournal, error: Exception, experiment: Experiment | None) -> int:
    """Journal why a run ended before its time. Returns the process's exit code.

    Args:
        journal: Of the run.
        error: What ended it; `Left` and `FolderLost`, where a person did.
        experiment: What was trained, once that was known.
    """
    if isinstance(error, Left):
        if error.stopped:
            with suppress(OSError):  # it may be a full disk that it waited for; then the run counts as interrupted
                journal.append(Finished(time=time.time(), step=journal.step, outcome="stopped"))
        return DONE
    if isinstance(error, FolderLost):
        return _say_lost(journal, error)
    from tp1tui.worker.failure import reason_for

    traceback.print_exception(error)
    _journal_failure(journal, reason_for(error, experiment), error)
    return FAILED


def _help(folder: RunFolder, device: str) -> int:
    """One of several processes on a run, and not the one that leads: that one journals, obeys, and says when to go."""
    for asked in (signal.SIGHUP, signal.SIGINT):
        signal.signal(asked, signal.SIG_IGN)
    from tp1tui.engine.team import MateLost
    from tp1tui.worker.mates import help_to_train

    try:
        help_to_train(folder, device)
    except MateLost as lost:
        sys.stderr.write(f"{lost}\n")
        return FAILED
    return DONE


def _say_lost(journal: PatientJournal, lost: FolderLost) -> int:
    """Journal that the run's folder went. Wherever the journal lies now, the run counts as interrupted there."""
    sys.stderr.write(f"{lost}\n")
    with suppress(OSError, FolderLost):
        journal.append(Warned(time=time.time(), step=journal.step, message=str(lost), topic=LOST))
        journal.sync()
    return FAILED


def _journal_failure(journal: PatientJournal, reason: str, error: Exception) -> None:
    details = "".join(traceback.format_exception(error)[-3:])
    with suppress(OSError):  # on a full disk there may be no room for this either; worker.log has it already
        journal.append(Failed(time=time.time(), step=journal.step, reason=reason, details=details))
        journal.sync()
