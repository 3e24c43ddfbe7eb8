"""A run's folder: where each of its files lies, how it is made, and whether it can be opened."""

from __future__ import annotations

import os
import secrets
import shutil
import string
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from tp1tui.files.plain import content
from tp1tui.files.private import intruders, keeps_apart, make_private
from tp1tui.journal.atomic import replacing
from tp1tui.spec.faults import SpecError
from tp1tui.spec.frozen import FORMAT, Frozen, MeasureSpec, RunSpec
from tp1tui.spec.toml_files import MAX_BYTES, read_toml, validate

_TIME = "%Y-%m-%dT%H-%M-%S"
_TIME_LENGTH = len("2026-11-23T10-15-00")
_SUFFIX = string.ascii_lowercase + string.digits
_TRIES = 20


class RunFolderError(Exception):
    """A run folder that cannot be made or opened. Its text is whole sentences."""


class NewerFormat(RunFolderError):  # noqa: N818 - what another program wrote, not a fault
    """A folder that a newer program wrote, of which this one can tell nothing."""


@dataclass(frozen=True)
class RunFolder:
    """The only place where who trains and who watches meet (docs/architecture.md)."""

    path: Path
    """Absolute."""

    @classmethod
    def create(cls, runs_dir: Path, spec: Frozen, now: datetime) -> RunFolder:
        """Make the folder of a new run, which is queued until a worker takes it up.

        Args:
            runs_dir: Where runs lie; made when it is not there.
            spec: What is to be done.
            now: In local time; the id begins with it.

        Raises:
            RunFolderError: The folder cannot be written.
        """
        return cls.create_at(new_id(runs_dir, spec.preset, now), spec)

    @classmethod
    def create_at(cls, path: Path, spec: Frozen) -> RunFolder:
        """The same at a path that nothing has yet.

        Raises:
            RunFolderError: The folder cannot be written.
        """
        folder = cls(path)
        with told(path.parent):
            _make(folder, spec)
        return folder

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open the folder of a run.

        Raises:
            RunFolderError: It is not there, no run's folder, of a newer format, has lost its journal, or its
                experiment.toml holds something that is not allowed.
        """
        folder = cls(_absolute(path))
        try:
            names = os.listdir(folder.path)  # noqa: PTH208
        except FileNotFoundError:
            raise RunFolderError(f"There is no folder {folder.path}.") from None
        except OSError as error:
            raise RunFolderError(f"{folder.path} cannot be opened as a run's folder: {error.strerror}.") from None
        if folder.spec_path.name not in names:
            raise RunFolderError(f"{folder.path} is not a run's folder: it has no experiment.toml.")
        folder.spec()
        folder.check_journal()
        return folder

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def spec_path(self) -> Path:
        """What was asked, as TOML."""
        return self.path / "experiment.toml"

    @property
    def journal_path(self) -> Path:
        """What happened, one event a line; not there while the run is queued."""
        return self.path / "journal.jsonl"

    @property
    def checkpoints_dir(self) -> Path:
        """Weights and everything else that a resume needs."""
        return self.path / "checkpoints"

    @property
    def commands_dir(self) -> Path:
        """One small file a command, until the worker takes it."""
        return self.path / "commands"

    @property
    def lock_path(self) -> Path:
        """Locked as long as a worker lives."""
        return self.path / "worker.lock"

    @property
    def log_path(self) -> Path:
        """What the worker process printed."""
        return self.path / "worker.log"

    @property
    def created_at(self) -> datetime | None:
        """When the run was asked for, in local time, as its id tells; None for a folder that was renamed."""
        with suppress(ValueError):
            return datetime.strptime(self.id[:_TIME_LENGTH], _TIME).astimezone()
        return None

    def spec(self) -> Frozen:
        """What was asked.

        Raises:
            RunFolderError: It cannot be read, was written by a newer tp1tui, or something in it is not allowed.
        """
        try:
            data, text = read_toml(self.spec_path)
            check_format(data, self.id)
            texts = {self.spec_path: text}
            if data.get("kind") == "measure":
                return validate(MeasureSpec, data, self.spec_path, texts)
            return validate(RunSpec, data, self.spec_path, texts)
        except SpecError as error:
            raise RunFolderError(str(error)) from None

    def uid(self) -> str | None:
        """What each line of its journal carries: nothing in format 1. None where experiment.toml cannot be read."""
        with suppress(SpecError):
            uid = read_toml(self.spec_path)[0].get("uid", "")
            return uid if isinstance(uid, str) else None
        return None

    def asked(self) -> str:
        """SHA-256 of experiment.toml, by which a later change of it is noticed.

        Raises:
            RunFolderError: It cannot be read.
        """
        try:
            return sha256(content(self.spec_path, MAX_BYTES)).hexdigest()
        except OSError as error:
            raise RunFolderError(f"{self.spec_path} cannot be read: {error.strerror}.") from None

    def training_spec(self) -> RunSpec:
        """What is trained here, on its own or for a measure.

        Raises:
            RunFolderError: The same as for `spec`, or nothing is trained here.
        """
        training = self.spec().training
        if training is None:
            raise RunFolderError(f"{self.id} is a measure that trains nothing, so it has no curves.")
        return training

    def measure_spec(self) -> MeasureSpec:
        """What is measured here.

        Raises:
            RunFolderError: The same as for `spec`, or nothing is measured here.
        """
        spec = self.spec()
        if not isinstance(spec, MeasureSpec):
            raise RunFolderError(f"{self.id} trains a network, and is no measure.")
        return spec

    def check_journal(self) -> None:
        """See that the journal is there, or not needed yet.

        Raises:
            RunFolderError: The run was trained, but its journal is gone.
        """
        if self.journal_path.is_file():
            return
        if self.journal_path.exists():
            raise RunFolderError(f"{self.journal_path} is not a file, so the run {self.id} cannot be shown.")
        with suppress(OSError):
            if any(not entry.name.startswith(".") for entry in self.checkpoints_dir.iterdir()):
                raise RunFolderError(
                    f"The run {self.id} has lost its journal: there are checkpoints, but no {self.journal_path}. "
                    "Put the journal back from a copy of the folder, or start the run anew."
                )


def new_id(runs_dir: Path, preset: str, now: datetime) -> Path:
    """A path in a folder of runs that nothing has yet: time, preset and four random characters.

    Raises:
        RunFolderError: None was found.
    """
    runs_dir = _absolute(runs_dir)
    for _ in range(_TRIES):
        suffix = "".join(secrets.choice(_SUFFIX) for _ in range(4))
        path = runs_dir / f"{now.strftime(_TIME)}_{preset}_{suffix}"
        with told(runs_dir):
            if not path.exists():
                return path
    raise RunFolderError(f"No free name for a run was found in {runs_dir} in {_TRIES} tries.")


def check_format(data: dict[str, Any], run_id: str) -> None:
    """See whether the page of a run or a sweep is one that this program reads; one that tells no format has the first.

    Raises:
        NewerFormat: A newer tp1tui wrote it.
    """
    written = data.setdefault("format", 1)
    if isinstance(written, int) and written > FORMAT:
        raise NewerFormat(
            f"The run {run_id} was written by a newer tp1tui (format {written}; this one reads up to {FORMAT}). "
            "Update tp1tui to open it."
        )


def check_private(folder: RunFolder) -> None:
    """See whether a run is this user's alone, so that nobody else can change what is trained or command its worker.

    Raises:
        RunFolderError: Somebody else owns it or may write to it; or it cannot be looked at.
    """
    try:
        found = (intruders(path) for path in (folder.path, folder.commands_dir) if path.exists())
        told_of = next(filter(None, found), None)
    except OSError as error:
        raise RunFolderError(f"{folder.path} cannot be looked into: {error.strerror}.") from None
    if told_of:
        raise RunFolderError(told_of)


def short_name(run_id: str) -> str:
    """A run's id without its time: short, and no other run has it."""
    return run_id.partition("_")[2] or run_id


def looks_like_run(path: Path) -> bool:
    """Whether a folder is a run's, whole or not."""
    with suppress(OSError):
        return any((path / name).exists() for name in ("experiment.toml", "journal.jsonl"))
    return False


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - unlike resolve, it leaves links as the person wrote them


def _make(folder: RunFolder, spec: Frozen) -> None:
    """Write a folder beside its place and rename it, so that a listing never sees half of one."""
    import tomli_w

    runs_dir = folder.path.parent
    make_private(runs_dir)
    if not keeps_apart(runs_dir) and (told_of := intruders(runs_dir)):
        raise RunFolderError(f"No run is made here. {told_of}")
    draft = RunFolder(runs_dir / f".{folder.id}")
    try:
        for below in (draft.path, draft.checkpoints_dir, draft.commands_dir):
            make_private(below)
        with replacing(draft.spec_path) as file:
            page = spec.model_dump(mode="json", exclude_none=True)
            page.update(format=FORMAT, uid=secrets.token_hex(4))  # the spec may have been another run's
            file.write(tomli_w.dumps(page, multiline_strings=True))
        draft.path.rename(folder.path)
    except BaseException:
        shutil.rmtree(draft.path, ignore_errors=True)
        raise


@contextmanager
def told(runs_dir: Path) -> Iterator[None]:
    """Turn a folder of runs that cannot be written into a RunFolderError."""
    try:
        yield
    except OSError as error:
        in_the_way = runs_dir.exists() and not runs_dir.is_dir()
        why = "it is a file, not a folder" if in_the_way else error.strerror
        raise RunFolderError(
            f"No run can be made in {runs_dir}: {why}. Choose another folder with --runs-dir DIR or TP1TUI_RUNS."
        ) from None
