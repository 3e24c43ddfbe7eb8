"""Waiting in line: a small file in a run's folder says that its run is to be started when a device is free."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tp1tui.files.plain import content
from tp1tui.journal.atomic import replacing
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.spec.part import Shown

_NAME = "ticket.json"
_MAX_BYTES = 4096
_WIDTH = 96
"""Bytes of every ticket, blanks at its end: written over, it is never longer or shorter than it was."""


class Ticket(BaseModel):
    """A run's place in line."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    device: Shown
    """auto, cpu, cuda or cuda:N, as it was asked for."""
    place: int
    """Nanoseconds since 1970; lower ones come first, and of equal ones the lower run id."""


def put_in_line(folder: RunFolder, device: str, place: int | None = None) -> None:
    """Let a run wait for its turn.

    Args:
        folder: Of a run that no worker has.
        device: auto, cpu, cuda or cuda:N.
        place: Of a ticket; behind all others when left out.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    ticket = Ticket(device=device, place=end_of_line(folder.path.parent) if place is None else place)
    try:
        with replacing(folder.path / _NAME) as file:
            file.write(_text(ticket))
    except OSError as error:
        raise RunFolderError(f"{folder.id} cannot be put in line: {error.strerror}.") from None


def take_out_of_line(folder: RunFolder) -> bool:
    """Let a run wait no more; returns whether it was still waiting. Of several callers, one is told so."""
    try:
        (folder.path / _NAME).unlink()
    except OSError:
        return False
    return True


def change_place(folder: RunFolder, place: int) -> bool:
    """Let a run that waits stand elsewhere in line; returns whether it still waits.

    The ticket is written over where it lies, not renamed into its place: when a worker takes it at this very moment,
    the new place goes into a file that nobody finds any more. A rename would bring the ticket back, and the run would
    be begun a second time.

    Args:
        folder: Of the run.
        place: Nanoseconds since 1970, of the new place.

    Raises:
        RunFolderError: The ticket cannot be written.
    """
    try:
        file = os.open(folder.path / _NAME, os.O_RDWR | os.O_NONBLOCK)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise RunFolderError(f"{folder.id} cannot be moved in line: {error.strerror}.") from None
    try:
        ticket = Ticket.model_validate_json(os.read(file, _MAX_BYTES))
        os.pwrite(file, _text(ticket.model_copy(update={"place": place})).encode(), 0)
        return os.fstat(file).st_nlink > 0
    except ValidationError:
        return False
    except OSError as error:
        raise RunFolderError(f"{folder.id} cannot be moved in line: {error.strerror}.") from None
    finally:
        os.close(file)


def ticket_of(folder: RunFolder) -> Ticket | None:
    """A run's place in line; None when it does not wait. One that cannot be read counts as none."""
    with suppress(OSError, ValidationError, ValueError):
        return Ticket.model_validate_json(content(folder.path / _NAME, _MAX_BYTES))
    return None


def line(runs_dir: Path) -> list[tuple[RunFolder, Ticket]]:
    """Every run that waits, in order."""
    waiting: list[tuple[RunFolder, Ticket]] = []
    with suppress(OSError), os.scandir(runs_dir) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                folder = RunFolder(Path(os.path.abspath(entry.path)))  # noqa: PTH100 - links stay as they are
                ticket = ticket_of(folder)
                if ticket is not None:
                    waiting.append((folder, ticket))
    return sorted(waiting, key=lambda pair: (pair[1].place, pair[0].id))


def end_of_line(runs_dir: Path) -> int:
    """The place behind all others: nanoseconds since 1970, or one more than the last where the clock was set back."""
    return max([time.time_ns(), *(ticket.place + 1 for _, ticket in line(runs_dir))])


def _text(ticket: Ticket) -> str:
    return ticket.model_dump_json().ljust(_WIDTH - 1) + "\n"
