"""`tp1tui compare`: the fields in which runs differ and what each has reached, in the shell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from tp1tui.cli import show
from tp1tui.cli.console import PlainConsole
from tp1tui.cli.errors import CannotDo, WrongUsage
from tp1tui.cli.results import print_results
from tp1tui.journal.comparison import comparison_table
from tp1tui.journal.comparison_export import export_comparison
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.listing import find_run
from tp1tui.journal.several import RunsFollower, SeenRun
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.tui.compare.labels import GivenNames
from tp1tui.tui.compare.names import run_names
from tp1tui.tui.compare.tables import differences_table


def compare(names: Sequence[str], runs_dir: Path, baseline: str | None, csv: Path | None, *, as_json: bool) -> None:
    """Print the table of differences, and write the comparison as CSV where that was asked for.

    Args:
        names: Of runs; a sweep stands for its members.
        runs_dir: Where they are.
        baseline: Name of the run that the others are held against.
        csv: The file of the curves, as `export_comparison` takes it.
        as_json: Whether to print JSON instead.

    Raises:
        WrongUsage: These are fewer than two runs, the baseline is none of them, or the file is a folder.
        CannotDo: Fewer than two of them can be read.
    """
    folders = folders_of(names, runs_dir)
    if len(folders) < 2:
        raise WrongUsage("A comparison takes two runs or more; a sweep stands for its members.")
    if csv and csv.is_dir():
        raise WrongUsage(f"--csv is {str(csv)!r}, which is a folder: name a file in it, as in {csv / 'curves.csv'}.")
    follower = RunsFollower(folders)
    follower.poll()
    for trouble in follower.troubles:
        show.error(trouble)
    if len(follower.runs) < 2:
        raise CannotDo("Fewer than two of these runs can be read, so there is nothing to compare.")
    base = _baseline(baseline, runs_dir, follower.runs) if baseline else None
    if as_json:
        table = json.loads(comparison_table(follower.runs).model_dump_json())
        columns = [column["name"] for column in table["columns"]]
        show.as_json([dict(zip(columns, row, strict=True)) for row in table["rows"]])
    else:
        given = GivenNames(run.folder for run in follower.runs).read()
        names = run_names(follower.runs, [given[run.folder.path] for run in follower.runs])
        print_results([differences_table(follower.runs, names, base)], PlainConsole())
    for file in export_comparison(folders, csv) if csv else []:
        show.line(str(file))


def folders_of(names: Sequence[str], runs_dir: Path) -> list[RunFolder]:
    """The runs that names stand for, each once; a sweep stands for its members."""
    return list(dict.fromkeys(folder for name in names for folder in _runs(name, runs_dir)))


def _runs(name: str, runs_dir: Path) -> Iterator[RunFolder]:
    found = find_run(name, runs_dir)
    if isinstance(found, SweepFolder):
        yield from (folder for _, folder in found.runs())
    else:
        yield found


def _baseline(name: str, runs_dir: Path, runs: Sequence[SeenRun]) -> SeenRun:
    folder = find_run(name, runs_dir)
    base = next((run for run in runs if run.folder == folder), None)
    if base is None:
        raise WrongUsage(f"The baseline {name!r} is none of the runs that are compared.")
    return base
