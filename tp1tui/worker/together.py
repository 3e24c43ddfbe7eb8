"""The worker process of several runs that train together: take those that still wait in line, and end each by itself.

    python -m tp1tui.worker.together RUN_FOLDER RUN_FOLDER … [--device NAME]

Started by the dispatcher. A run that a worker has already, that waits no more or that was begun before is left alone.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stderr, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tp1tui import settings
from tp1tui.journal.events import Preparing, Warned
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.lock import AlreadyRunning, RunLock
from tp1tui.journal.tickets import Ticket, put_in_line, take_out_of_line, ticket_of
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.frozen import MeasureSpec
from tp1tui.worker.inbox import Inbox, Left
from tp1tui.worker.main import DONE, WRONG_USAGE, say_first, say_last, say_no_torch
from tp1tui.worker.place import FolderLost
from tp1tui.worker.room import PatientJournal
from tp1tui.worker.spawning import LaunchError, serve_line

if TYPE_CHECKING:  # torch comes once the runs are taken
    from tp1tui.worker.stacked import Seat


@dataclass(frozen=True)
class Taken:
    """A run that this process has."""

    folder: RunFolder
    experiment: Experiment
    journal: PatientJournal
    inbox: Inbox
    ticket: Ticket
    held: ExitStack
    """Its lock and its journal."""


def main() -> int:
    """Work on several run folders. Returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tp1tui.worker.together", description="Train runs together.")
    parser.add_argument("runs", type=Path, nargs="+", help="run folders")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    arguments = parser.parse_args()
    settings.rest_while_waiting()
    faulthandler.enable()  # a crash of torch's own code says in worker.log where it was
    with ExitStack() as held:
        taken = [one for path in arguments.runs if (one := take(path, held)) is not None]
        if not taken:
            return WRONG_USAGE
        first, *others = (one.inbox for one in taken)
        first.mind_signals(*others)
        return work(taken, arguments.device)


def take(path: Path, held: ExitStack) -> Taken | None:
    """Take up a run that waits in line and was never begun; None where there is no such run.

    Args:
        path: Its folder.
        held: Is given the run's lock and journal, so that they are let go at the end whatever happens.
    """
    own = held.enter_context(ExitStack())
    try:
        folder = RunFolder.open(path)
        own.enter_context(RunLock(folder))
        spec, ticket = folder.spec(), ticket_of(folder)
        if isinstance(spec, MeasureSpec) or ticket is None or folder.journal_path.exists():
            own.close()
            return None
        if not take_out_of_line(folder):
            own.close()
            return None
        inbox = Inbox(folder)
        journal = own.enter_context(PatientJournal(folder, inbox))
    except (RunFolderError, AlreadyRunning, OSError) as error:
        sys.stderr.write(f"{error}\n")
        own.close()
        return None
    return Taken(folder, spec.experiment, journal, inbox, ticket, own)


def work(taken: Sequence[Taken], device: str) -> int:
    """Train runs together; whatever goes wrong with one is in its journal. Returns the process's exit code.

    Args:
        taken: Runs whose experiments may train together.
        device: auto, cpu, cuda or cuda:N.
    """
    codes = [DONE]
    by_path = {one.folder.path: one for one in taken}
    for one in taken:
        say_first(one.journal)

    try:
        from tp1tui.worker.failure import is_out_of_memory, reason_for
        from tp1tui.worker.stacked import Together
    except Exception as error:  # a torch without its libraries can fail in any way
        return max(say_no_torch(one.journal, error) for one in taken)

    def failed(seat: Seat, error: Exception) -> None:
        codes.append(_end(by_path[seat.folder.path], error))

    def unstacked(seats: Sequence[Seat], error: Exception) -> None:
        # How large a batch of one run may be says nothing of several.
        reason = "There is not enough memory for all." if is_out_of_memory(error) else reason_for(error, None)
        told = f"Training together with other runs of the sweep ended: {reason} This run goes on alone."
        _put_back([by_path[seat.folder.path] for seat in seats], told)

    seats = [seat for one in taken if (seat := _seat(one, device, len(taken) - 1, codes)) is not None]
    for seat in seats[1:]:
        seat.member.data.share(seats[0].member.data)
    if seats:
        Together(seats, failed, unstacked).run()
    return max(codes)


def _seat(one: Taken, device: str, others: int, codes: list[int]) -> Seat | None:
    """Everything up to a run's first batch; None where it cannot be had."""
    from tp1tui.engine.stack import Member
    from tp1tui.worker.prepare import prepare
    from tp1tui.worker.stacked import Seat

    try:
        told = f"joining {others} other run{'s' * (others != 1)} of the sweep that train{'s' * (others == 1)} with it"
        one.journal.append(Preparing(time=time.time(), step=0, what=told))
        session = prepare(one.folder, one.experiment, one.journal, device, one.inbox, Member)
        if not isinstance(session.training, Member):
            raise TypeError("what trains together is a member")
    except Exception as error:  # whatever it is, the journal must say so
        codes.append(_end(one, error))
        return None
    return Seat(one.folder, session, session.training, one.held)


def _end(one: Taken, error: Exception) -> int:
    """Say why a run cannot go on, in its journal and its log, and let go of it."""
    with ExitStack() as log:
        if not isinstance(error, FolderLost):  # else another's log may lie there, and this process's own has to do
            with suppress(OSError):
                log.enter_context(redirect_stderr(log.enter_context(one.folder.log_path.open("a", encoding="utf-8"))))
        code = say_last(one.journal, error, one.experiment)
    one.held.close()
    return code


def _put_back(those: Sequence[Taken], why: str) -> None:
    """Let runs wait in line again, where they stood: a worker of its own goes on with each from its last checkpoint.

    The line is served from now on, and not only once this process ends, which may have paused runs for days.
    """
    for one in those:
        with suppress(OSError, RunFolderError, Left):  # then it counts as interrupted, and waits for a person
            one.journal.append(Warned(time=time.time(), step=one.journal.step, message=why))
            # One further than before: the old ticket is one that this process took.
            put_in_line(one.folder, one.ticket.device, one.ticket.place + 1)
        one.held.close()
    try:
        serve_line(those[0].folder.path.parent)
    except LaunchError as error:  # `tp1tui line` says that nobody serves it
        sys.stderr.write(f"{error}\n")


if __name__ == "__main__":
    sys.exit(main())
