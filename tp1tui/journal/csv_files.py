"""CSV files that are written together: each whole, or none of them."""

from __future__ import annotations

import csv
import errno
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from math import isfinite, isnan
from pathlib import Path

from tp1tui.journal.atomic import flush, replacing
from tp1tui.spec.results import Cell
from tp1tui.spec.steering import without_steering

Row = Iterable[Cell]
Tables = dict[str, tuple[Sequence[Cell], Iterable[Row]]]
"""File name to header and rows."""


class ExportError(Exception):
    """CSV that cannot be written. Its text is whole sentences."""


def write_tables(tables: Tables, place: Path) -> list[Path]:
    """Write tables into a folder, which is made when it is not there; returns the files.

    Raises:
        ExportError: They cannot be written.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        with ExitStack() as all_or_none:
            for name, (header, rows) in tables.items():
                file = all_or_none.enter_context(replacing(place / name))
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(map(cell_text, header))
                writer.writerows([cell_text(cell) for cell in row] for row in rows)
                flush(file)  # a full disk must show before the first file takes its place
    except OSError as error:
        raise ExportError(_sentence(place, error)) from None
    return [place / name for name in tables]


def cell_text(cell: Cell) -> str:
    """A cell as it stands in a file, to the last digit."""
    match cell:
        case float() if isfinite(cell):  # first, since most are: a file may have millions
            return repr(cell)
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int():
            return repr(cell)
        case float() if isnan(cell):
            return "NaN"
        case float():
            return "Infinity" if cell > 0 else "-Infinity"
    cell = without_steering(cell)  # a carriage return, for one, would begin another row
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell  # else a spreadsheet computes it


def _sentence(place: Path, error: OSError) -> str:
    elsewhere = "Nothing was written; choose another folder with --to DIR."
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"The CSV files do not fit: the disk of {place} is full. {elsewhere}"
    return f"The CSV files cannot be written in {place}: {error.strerror}. {elsewhere}"
