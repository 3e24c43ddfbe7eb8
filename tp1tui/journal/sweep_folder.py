"""A sweep on disk: a folder with a sweep.toml, and beside it the ordinary run folders that it names."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tp1tui.files.private import make_private
from tp1tui.journal.atomic import replacing
from tp1tui.journal.folder import RunFolder, RunFolderError, check_format, new_id, told
from tp1tui.spec.faults import SpecError
from tp1tui.spec.frozen import SweepRun, SweepSpec
from tp1tui.spec.toml_files import read_toml, validate

SWEEP_FILE = "sweep.toml"


@dataclass(frozen=True)
class SweepFolder:
    """A group of runs."""

    path: Path
    """Absolute."""

    @classmethod
    def create(cls, runs_dir: Path, spec: SweepSpec, now: datetime) -> SweepFolder:
        """Make the folders of a sweep and of all of its runs, which no worker has yet.

        The sweep's own folder comes last: one that can be seen is whole.

        Args:
            runs_dir: Where runs lie; made when it is not there.
            spec: What is to be done; its `runs` are named here.
            now: In local time; the ids begin with it.

        Raises:
            RunFolderError: They cannot be written; none of them is left.
        """
        folder = cls(new_id(runs_dir, spec.preset, now))
        made: list[RunFolder] = []
        try:
            runs: list[SweepRun] = []
            members = spec.members()
            digits = len(str(len(members)))
            for number, member in enumerate(members, start=1):
                path = folder.path.with_name(f"{folder.id}-{number:0{digits}}")
                made.append(RunFolder.create_at(path, spec.run_spec(folder.id, member)))
                runs.append(SweepRun(run=path.name, member=member.name, values=member.values, seed=member.seed))
            with told(folder.path.parent):
                _write(folder, spec.model_copy(update={"runs": tuple(runs)}))
        except BaseException:
            for run in made:
                shutil.rmtree(run.path, ignore_errors=True)
            raise
        return folder

    @classmethod
    def open(cls, path: Path) -> SweepFolder:
        """Open a sweep.

        Raises:
            RunFolderError: It is not there, is no sweep, or its sweep.toml holds something that is not allowed.
        """
        folder = cls(Path(os.path.abspath(path)))  # noqa: PTH100 - links stay as the person wrote them
        if not folder.spec_path.is_file():
            raise RunFolderError(f"{folder.path} is not a sweep's folder: it has no {SWEEP_FILE}.")
        folder.spec()
        return folder

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def spec_path(self) -> Path:
        """The SweepSpec, as TOML."""
        return self.path / SWEEP_FILE

    def spec(self) -> SweepSpec:
        """What was asked, and the runs.

        Raises:
            RunFolderError: It cannot be read, was written by a newer tp1tui, or something in it is not allowed.
        """
        try:
            data, text = read_toml(self.spec_path)
            check_format(data, self.id)
            return validate(SweepSpec, data, self.spec_path, {self.spec_path: text})
        except SpecError as error:
            raise RunFolderError(str(error)) from None

    def runs(self) -> tuple[tuple[SweepRun, RunFolder], ...]:
        """The members, in the sweep's order, with their folders; one that was deleted is left out.

        Raises:
            RunFolderError: As for `spec`.
        """
        return self.runs_of(self.spec())

    def runs_of(self, spec: SweepSpec) -> tuple[tuple[SweepRun, RunFolder], ...]:
        """The same for a spec that was read already."""
        beside = self.path.parent
        pairs = ((run, RunFolder(beside / Path(run.run).name)) for run in spec.runs)
        return tuple((run, folder) for run, folder in pairs if folder.spec_path.exists())

    def discard(self) -> None:
        """Remove a sweep with all of its runs, as far as that can be done: the sweep first, so that none is half there.

        Raises:
            RunFolderError: As for `spec`.
        """
        members = self.runs()
        for path in (self.path, *(folder.path for _, folder in members)):
            shutil.rmtree(path, ignore_errors=True)


def looks_like_sweep(path: Path) -> bool:
    """Whether a folder is a sweep's."""
    with suppress(OSError):
        return (path / SWEEP_FILE).is_file()
    return False


def _write(folder: SweepFolder, spec: SweepSpec) -> None:
    """Beside its place, then renamed."""
    import tomli_w

    draft = SweepFolder(folder.path.with_name(f".{folder.id}"))
    make_private(draft.path)
    try:
        with replacing(draft.spec_path) as file:
            file.write(tomli_w.dumps(spec.model_dump(mode="json", exclude_none=True), multiline_strings=True))
        draft.path.rename(folder.path)
    except BaseException:
        shutil.rmtree(draft.path, ignore_errors=True)
        raise
