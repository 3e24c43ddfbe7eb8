"""How a verb's errors are told: one sentence on standard error, and the exit code that scripts expect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from tp1tui.cli import show
from tp1tui.tui.sentences import sentence_of

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
        sentence = str(error) if isinstance(error, CannotDo | UnknownDataset | WrongUsage) else sentence_of(error)
        if sentence is None:
            raise
        show.error(sentence)
        raise typer.Exit(_exit_code(error)) from None


def _exit_code(error: Exception) -> int:
    """Kinds are imported here, since by now whatever raised one is loaded."""
    from tp1tui.journal.labels import LabelError
    from tp1tui.journal.listing import UnknownRun
    from tp1tui.spec.faults import SpecError
    from tp1tui.spec.preset_files import UnknownPreset
    from tp1tui.worker.device_name import UnknownDevice

    asked_wrongly = LabelError | SpecError | UnknownDataset | UnknownDevice | UnknownPreset | UnknownRun | WrongUsage
    return WRONG_USAGE if isinstance(error, asked_wrongly) else FAILED
