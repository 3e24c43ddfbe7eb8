"""What was last read of runs that have ended, kept in the folder of runs, so that a thousand of them open at once.

It may be deleted at any time. An entry counts only as long as its run's files are the ones that it was read from.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tp1tui.files.plain import content
from tp1tui.journal.atomic import replacing
from tp1tui.journal.summary import Known, RunSummary

INDEX_FILE = ".index.json"
MOST_BYTES = 64 << 20
"""Of the index: some ten thousand runs."""
_COLUMNS = tuple(field.name for field in fields(RunSummary))
_NOT_KEPT = {"labels", "sweep_labels", "label_problem"}
"""What a person may change at any time is read from its own file."""


class _Page(BaseModel):
    model_config = ConfigDict(ser_json_inf_nan="constants", ser_json_timedelta="float")

    columns: tuple[str, ...]
    """Of the program that wrote it; one that sums up otherwise reads everything anew."""
    runs: dict[str, Known]
    """By id."""


def read_index(runs_dir: Path) -> dict[str, Known]:
    """What is known by id; nothing where there is no index, or one that cannot be used."""
    with suppress(OSError, ValidationError, ValueError):
        page = _Page.model_validate_json(content(runs_dir / INDEX_FILE, MOST_BYTES))
        if page.columns == _COLUMNS:
            return page.runs
    return {}


def write_index(runs_dir: Path, known: Mapping[str, Known]) -> None:
    """Keep what is known; a folder that cannot be written is read anew the next time, and that is all."""
    page = _Page(columns=_COLUMNS, runs=dict(known))
    with suppress(OSError), replacing(runs_dir / INDEX_FILE) as file:
        file.write(page.model_dump_json(exclude={"runs": {"__all__": {"summary": _NOT_KEPT}}}))
