"""A copy of a damaged run with all of it that can be trusted. The original stays as it is."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from tp1tui.files.private import make_private
from tp1tui.journal.examination import whole_checkpoints
from tp1tui.journal.folder import NewerFormat, RunFolder, RunFolderError
from tp1tui.journal.labels import LABELS_FILE, LabelError, labels_of
from tp1tui.journal.lines import Damage, decode
from tp1tui.journal.lock import AlreadyRunning, RunLock
from tp1tui.journal.prediction import FILE as PREDICTION_FILE
from tp1tui.journal.tail import Tail
from tp1tui.spec.checkpoint_files import BEST, LAST, PREVIOUS

ENDING = "-repaired"


class RepairError(Exception):
    """A run that cannot be repaired. Its text is whole sentences."""


def repair(folder: RunFolder) -> RunFolder:
    """Write beside a run a copy of it: its whole lines and whole checkpoints, under a name of its own.

    Where the last checkpoint is damaged, the one before it takes its place, and a resume goes on from there.

    Raises:
        RepairError: The run is being worked on, was repaired before, cannot be read or written, or what was asked of
            it is lost.
    """
    target = folder.path.with_name(folder.id + ENDING)
    if target.exists():
        raise RepairError(f"{target} is there already. Move it away, or open it: it is the repaired run.")
    try:
        folder.spec()
    except NewerFormat as error:
        raise RepairError(str(error)) from None
    except RunFolderError as error:
        raise RepairError(f"{error} It cannot be repaired: nothing else tells what was to be trained.") from None
    try:
        with RunLock(folder):
            return _copied(folder, target)
    except AlreadyRunning:
        raise RepairError(f"{folder.id} is being worked on. Stop it first.") from None
    except RunFolderError as error:
        raise RepairError(str(error)) from None
    except OSError as error:
        raise RepairError(f"{folder.id} was not repaired: {error.strerror} ({error.filename}).") from None


def _copied(folder: RunFolder, target: Path) -> RunFolder:
    """Write the copy beside its place, then rename it."""
    draft = RunFolder(target.with_name(f".{target.name}"))
    shutil.rmtree(draft.path, ignore_errors=True)
    try:
        for below in (draft.path, draft.checkpoints_dir, draft.commands_dir):
            make_private(below)
        shutil.copyfile(folder.spec_path, draft.spec_path)
        _copy_lines(folder, draft)
        _copy_checkpoints(folder, draft)
        _copy_written_on(folder, draft)
        draft.path.rename(target)
    except BaseException:
        shutil.rmtree(draft.path, ignore_errors=True)
        raise
    return RunFolder(target)


def _copy_lines(folder: RunFolder, draft: RunFolder) -> None:
    """All lines of this run whose checksum matches, those of kinds that are not known here included."""
    if not folder.journal_path.exists():
        return
    with draft.journal_path.open("xb") as journal:
        uid = folder.uid()
        for line in Tail(folder.journal_path).lines():
            if not isinstance(decode(line, uid), Damage):
                journal.write(line)
        journal.flush()
        os.fsync(journal.fileno())


def _copy_checkpoints(folder: RunFolder, draft: RunFolder) -> None:
    whole = {path.name: path for path in whole_checkpoints(folder)}
    to_resume_from = [whole[name] for name in (LAST, PREVIOUS) if name in whole]
    for name, path in zip((LAST, PREVIOUS), to_resume_from, strict=False):
        shutil.copyfile(path, draft.checkpoints_dir / name)
    if BEST in whole:
        shutil.copyfile(whole[BEST], draft.checkpoints_dir / BEST)


def _copy_written_on(folder: RunFolder, draft: RunFolder) -> None:
    with suppress(FileNotFoundError):
        shutil.copyfile(folder.path / PREDICTION_FILE, draft.path / PREDICTION_FILE)
    with suppress(FileNotFoundError, LabelError):
        labels_of(folder.path)
        shutil.copyfile(folder.path / LABELS_FILE, draft.path / LABELS_FILE)
