"""Errors that a person can do something about: which they are, and the sentence that says what happened."""

from __future__ import annotations


def sentence_of(error: Exception) -> str | None:
    """What to tell a person of an error; None for one of the program's own, which is not to be told but found.

    The kinds are imported here, since by now whatever raised one is loaded.
    """
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

    match error:
        case OSError():
            return f"{error.filename or 'A file'} cannot be used: {error.strerror or error}."
        case (
            AnswerError()
            | CommandError()
            | DatasetError()
            | ExportError()
            | LabelError()
            | LaunchError()
            | RunFolderError()
            | SpecError()
            | TrashError()
            | UnknownDevice()
            | UnknownPreset()
            | UnknownRun()
        ):
            return str(error)
    return None
