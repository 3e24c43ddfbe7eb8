"""Where a run's CSV files go: its own folder, or one that a person names, in which nothing else is overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tp1tui.journal.atomic import replacing
from tp1tui.journal.csv_files import ExportError, Tables, write_tables
from tp1tui.journal.folder import looks_like_run, short_name
from tp1tui.journal.sweep_folder import looks_like_sweep

MARKER = ".tp1tui-export.json"
"""Beside exported files: whose they are. They themselves do not say so, and one column more would be in the way."""
_WAY_OUT = "Nothing was written; choose another folder with --to DIR, or move what is there away."


@dataclass(frozen=True)
class _Export:
    """What a marker says."""

    run: str = ""
    """Id of the run or the sweep."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Name to SHA-256: a file that was changed since is the person's own."""


def write_export(tables: Tables, folder: Path, to: Path | None) -> list[Path]:
    """Write the tables of a run or a sweep; returns the files.

    Args:
        tables: What there is of it.
        folder: Its own folder, whose name is its id.
        to: Where to; its own folder when None. Made when it is not there.

    Raises:
        ExportError: They cannot be written, or would take the place of files that were not exported from this run.
    """
    if to is None or _is_same(to, folder):
        return write_tables(tables, folder)
    _check_place(tables, folder.name, to)
    files = write_tables(tables, to)
    try:
        with replacing(to / MARKER) as file:
            json.dump(asdict(_Export(folder.name, {path.name: _digest(path) for path in files})), file, indent=2)
    except OSError as error:
        why = f"{MARKER} beside them, which says whose they are, cannot be written: {error.strerror}"
        raise ExportError(f"The CSV files are in {to}, but {why}. The next export will not replace them.") from None
    return files


def _check_place(tables: Tables, run: str, place: Path) -> None:
    """Raises ExportError where something else would be overwritten, or be taken for a part of this export."""
    if looks_like_run(place) or looks_like_sweep(place):
        raise ExportError(f"{place} is the folder of another run, {short_name(place.resolve().name)}. {_WAY_OUT}")
    before = _exported(place)
    left = [name for name, digest in before.files.items() if _digest(place / name) == digest]
    if before.run != run and left:
        raise ExportError(f"{place} has the CSV files of another run, {short_name(before.run)}. {_WAY_OUT}")
    others = [name for name in tables if (place / name).exists() and name not in left]
    if others:
        ours = " as it was exported" if before.run == run and others[0] in before.files else f" from {short_name(run)}"
        raise ExportError(f"{place / others[0]} is there already, and is not{ours}. {_WAY_OUT}")


def _exported(place: Path) -> _Export:
    """What was exported there last; nothing where no marker can be read."""
    with suppress(OSError, ValidationError):
        return TypeAdapter(_Export).validate_json((place / MARKER).read_bytes())
    return _Export()


def _digest(path: Path) -> str:
    """Empty where there is no file that can be read."""
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


def _is_same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False
