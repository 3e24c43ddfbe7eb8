"""How a verb's errors are told: one sentence on standard error, and the exit code that scripts expect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from tp1tui.cli import show

FAILED, WRONG_USAGE = 1, 2


class CannotDo(Exception):  # noqa: N818 - what a person asked, not an error of the program's
    """What was asked makes no sense for this run as it stands. Its text is a sentence."""


class WrongUsage(Exception):  # noqa: N818 - what a person did, not an error of the program's
    """Words of a command that do not fit together. Its text is a sentence."""


class UnknownDataset(Exception):  # noqa: N818 - what a person did, not an error of the program's
    """A name that stands for no dataset. Its text says which there are."""


@contextmanager
def told() -> Iterator[None]:
    """Turn every error that a person can meet into its sentence: exit code 2 for wrong usage, 1 for a failure."""
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        if code := _exit_code(error):
            show.error(_sentence(error))
            raise typer.Exit(code) from None
        raise


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'} cannot be used: {error.strerror or error}."
    return str(error)


def _exit_code(error: Exception) -> int | None:
    """Imported here, since by now whatever raised it is loaded."""
    from tp1tui.data.errors import DatasetError
    from tp1tui.journal.answers import AnswerError
    from tp1tui.journal.commands import CommandError
    from tp1tui.journal.csv_files import ExportError
    from tp1tui.journal.folder import RunFolderError
    from tp1tui.journal.labels import LabelError
    from tp1tui.journal.listing import UnknownRun
    from tp1tui.journal.trash import TrashError
    from tp1tui.spec.faults import SpecError
    from tp1tui.spec.preset_files import UnknownPreset
    from tp1tui.worker.device_name import UnknownDevice
    from tp1tui.worker.spawning import LaunchError

    if isinstance(
        error, LabelError | SpecError | UnknownDataset | UnknownDevice | UnknownPreset | UnknownRun | WrongUsage
    ):
        return WRONG_USAGE
    if isinstance(
        error,
        AnswerError
        | CannotDo
        | CommandError
        | DatasetError
        | ExportError
        | LaunchError
        | OSError
        | RunFolderError
        | TrashError,
    ):
        return FAILED
    return None
