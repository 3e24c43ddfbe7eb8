"""A sweep as CSV: a row a point, a run, an epoch of a run, and a matrix for two fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from tp1tui.journal import result_csv
from tp1tui.journal.csv_files import ExportError, Row, Tables
from tp1tui.journal.export import EPOCHS, epoch_rows
from tp1tui.journal.export_place import write_export
from tp1tui.journal.folder import short_name
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_record import MemberRecord, Point, SweepFollower, points
from tp1tui.journal.sweep_results import HeatFigure, heat, members_table, outcome
from tp1tui.journal.sweep_series import error_over_field


def export_sweep(folder: SweepFolder, to: Path | None = None) -> list[Path]:
    """Write a sweep as CSV: what there is so far, each file whole or none of them.

    Always points.csv, members.csv and epochs.csv; beside them, where two fields were varied, heat-final-test-top1.csv
    and heat-best-test-top1.csv, and where one field of numbers was, final-error.csv.

    Args:
        folder: Of the sweep, which may be going on.
        to: Where to; the sweep's own folder when None. Made when it is not there. What an earlier
            export of the sweep left there is replaced, and nothing else.

    Returns:
        The files.

    Raises:
        ExportError: They cannot be written, would take the place of other files, or a journal cannot be read.
        RunFolderError: The sweep cannot be read.
    """
    follower = SweepFollower(folder)
    try:
        follower.poll()
    except OSError as error:
        raise ExportError(f"{error.filename} cannot be read: {error.strerror}.") from None
    found = points(follower.members)
    tables: Tables = {
        "points.csv": result_csv.rows(outcome(found)),
        "members.csv": result_csv.rows(members_table(follower.members)),
        "epochs.csv": (["run", "point", "seed", *EPOCHS], _epochs(follower.members)),
        **_heats(found),
        **_error(found),
    }
    return write_export(tables, folder.path, to)


def _epochs(members: Sequence[MemberRecord]) -> Iterator[Row]:
    for member in members:
        who = short_name(member.run.run), member.run.member, member.run.seed
        yield from ((*who, *row) for row in epoch_rows(member.record))


def _heats(found: Sequence[Point]) -> Tables:
    figures: tuple[HeatFigure, ...] = get_args(HeatFigure)
    grids = {f"heat-{figure.replace('_', '-')}.csv": heat(found, figure) for figure in figures}
    return {name: result_csv.rows(grid) for name, grid in grids.items() if grid is not None}


def _error(found: Sequence[Point]) -> Tables:
    series = error_over_field(found)
    return {} if series is None else {"final-error.csv": result_csv.rows(series)}
