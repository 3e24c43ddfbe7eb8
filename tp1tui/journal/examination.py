"""What is wrong with the folder of a run or a sweep, and what of it can be saved. Reads, and never writes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tp1tui.files.plain import opened
from tp1tui.files.private import intruders
from tp1tui.journal.findings import Finding
from tp1tui.journal.folder import NewerFormat, RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.labels import LABELS_FILE, LabelError, labels_of
from tp1tui.journal.lock import is_held
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.spec.checkpoint_files import BEST, LAST, PREVIOUS

TOLD = 5
"""Damaged lines that are told one by one."""


@dataclass(frozen=True)
class Examined:
    """One run folder, looked at."""

    folder: RunFolder
    findings: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is a problem."""
        return all(finding.verdict != "problem" for finding in self.findings)


def examine(folder: RunFolder) -> Examined:
    """Look at all that a run's folder holds."""
    try:
        folder.spec()
    except NewerFormat as error:  # nothing in it can be judged
        return Examined(folder, (*_access(folder.path), Finding("experiment.toml", "problem", str(error))))
    except RunFolderError:
        pass
    return Examined(
        folder,
        (
            *_access(folder.path),
            _experiment(folder),
            *_journal(folder),
            *_checkpoints(folder),
            *_written_on(folder),
        ),
    )


def examine_sweep(sweep: SweepFolder) -> list[Finding]:
    """Look at a sweep's own folder; its runs are examined one by one."""
    findings = list(_access(sweep.path))
    try:
        spec = sweep.spec()
    except NewerFormat as error:
        return [*findings, Finding("sweep.toml", "problem", str(error))]
    except RunFolderError as error:
        return [*findings, Finding("sweep.toml", "problem", f"{error} Its runs can be opened one by one.")]
    lost = [run.run for run in spec.runs if not (sweep.path.parent / run.run).is_dir()]
    text = f"{len(spec.runs)} runs" + (f"; not here any more: {', '.join(lost)}" if lost else "")
    return [*findings, Finding("sweep.toml", "note" if lost else "ok", text)]


def whole_checkpoints(folder: RunFolder) -> list[Path]:
    """Those whose every byte is as it was written, the newest of those to resume from first."""
    paths = (folder.checkpoints_dir / name for name in (LAST, PREVIOUS, BEST))
    return [path for path in paths if path.exists() and _fault(path) is None]


def _access(path: Path) -> Iterator[Finding]:
    try:
        told = intruders(path)
    except OSError as error:
        yield Finding("folder", "problem", f"{path} cannot be looked into: {error.strerror}.")
    else:
        yield Finding("folder", "problem" if told else "ok", told or str(path))


def _experiment(folder: RunFolder) -> Finding:
    try:
        spec = folder.spec()
    except RunFolderError as error:
        saved = "Without it the run cannot be resumed; its figures are in the journal, which any reader of JSON opens."
        return Finding("experiment.toml", "problem", f"{error} {saved}")
    return Finding("experiment.toml", "ok", spec.preset)


def _journal(folder: RunFolder) -> Iterator[Finding]:
    path = folder.journal_path
    if not path.exists():
        try:
            folder.check_journal()
        except RunFolderError as error:
            yield Finding("journal", "problem", str(error))
        else:
            yield Finding("journal", "ok", "none yet: the run has not begun")
        return
    try:
        yield from _lines(folder)
    except OSError as error:
        yield Finding("journal", "problem", f"{path} cannot be read: {error.strerror}.")


def _lines(folder: RunFolder) -> Iterator[Finding]:
    follower = Follower(folder)
    state = follower.state()
    yield _figures(follower, state)
    if damages := follower.record.damages:
        told = "; ".join(f"line {damage.line}: {damage.reason}" for damage in damages[:TOLD])
        more = f" and {len(damages) - TOLD} more" if len(damages) > TOLD else ""
        lines = "1 line is" if len(damages) == 1 else f"{len(damages)} lines are"
        text = f"{lines} damaged, and nothing of them is used ({told}{more})."
        yield Finding("journal", "problem", f"{text} All others can be saved.")
    if follower.unknown:
        text = f"{follower.unknown} lines are of kinds that a newer tp1tui writes; they are left out."
        yield Finding("journal", "note", text)
    if follower.torn_bytes and not is_held(folder):
        text = f"The last line, {follower.torn_bytes} bytes, has no end: its worker died while writing it."
        yield Finding("journal", "note", f"{text} It is not used, and cut off when the run is resumed.")


def _figures(follower: Follower, state: RunState) -> Finding:
    record = follower.record
    epoch = f"epoch {record.last.epoch}" if record.last else "no epoch yet"
    return Finding("journal", "ok", f"{follower.lines:,} lines; the run is {state}, at step {record.step:,}, {epoch}")


def _checkpoints(folder: RunFolder) -> Iterator[Finding]:
    faults = {
        path.name: _fault(path)
        for path in (folder.checkpoints_dir / name for name in (LAST, PREVIOUS, BEST))
        if path.exists()
    }
    for name, fault in faults.items():
        where = f"checkpoints/{name}"
        if fault is None:
            yield Finding(where, "ok", "whole")
            continue
        yield Finding(where, "problem", f"{fault} {_instead(name, faults)}")


def _instead(name: str, faults: dict[str, str | None]) -> str:
    if name == BEST:
        return "The best weights are lost; a resume needs them not, and makes new ones when it is better again."
    others = [other for other in (LAST, PREVIOUS) if other != name and faults.get(other, "") is None]
    if others:
        return f"A resume goes on from {others[0]}."
    return "No other one is whole, so the run cannot be resumed; its figures are in the journal."


def _fault(path: Path) -> str | None:
    """What is wrong with a checkpoint, in a sentence; None when every byte is as it was written.

    torch writes an archive with a checksum for each of its parts, which needs no torch to be read.
    """
    try:
        with opened(path) as file, zipfile.ZipFile(file) as archive:
            broken = archive.testzip()
    except OSError as error:
        return f"It cannot be read: {error.strerror}."
    except Exception as error:  # a damaged archive can fail in any way
        return f"It is damaged: it is not a whole archive ({type(error).__name__})."
    return f"It is damaged: the checksum of its part {broken} does not match." if broken else None


def _written_on(folder: RunFolder) -> Iterator[Finding]:
    if not (folder.path / LABELS_FILE).exists():
        return
    try:
        labels_of(folder.path)
    except LabelError as error:
        yield Finding(LABELS_FILE, "problem", str(error))
    else:
        yield Finding(LABELS_FILE, "ok", "name, tags, note and pin can be read")
