"""`tp1tui doctor RUN`: what is wrong with a run or a sweep, what can be saved of it, and saving it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from tp1tui.cli import show
from tp1tui.cli.errors import CannotDo
from tp1tui.cli.finding_table import finding_table
from tp1tui.journal.examination import Examined, examine, examine_sweep
from tp1tui.journal.findings import Finding
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.listing import path_of_run
from tp1tui.journal.repair import RepairError, repair
from tp1tui.journal.sweep_folder import SweepFolder, looks_like_sweep
from tp1tui.tui.paste import command_on


def look_at(name: str, runs_dir: Path, *, as_json: bool) -> int:
    """Examine a run, or a sweep with all of its runs; returns the exit code: 1 when something is a problem."""
    groups = _findings(name, runs_dir)
    if as_json:
        show.as_json([{"run": run, **asdict(finding)} for run, findings in groups.items() for finding in findings])
    else:
        _print(groups)
    return 1 if any(finding.verdict == "problem" for findings in groups.values() for finding in findings) else 0


def mend(name: str, runs_dir: Path) -> int:
    """Write a repaired copy of each run that has a problem; returns the exit code.

    Raises:
        CannotDo: One cannot be repaired.
    """
    damaged = [examined for examined in _runs(path_of_run(name, runs_dir)) if not examined.is_well]
    if not damaged:
        show.line("Nothing is damaged, so nothing was done.")
    for examined in damaged:
        try:
            copy = repair(examined.folder)
        except RepairError as error:
            raise CannotDo(str(error)) from None
        show.line(f"{copy.path} holds all of {examined.folder.id} that can be trusted; the original is as it was.")
        watch, resume = command_on(copy.path, "watch"), command_on(copy.path, "resume")
        show.line(f"Open it with `{watch}`, go on with `{resume}`.")
    return 0


def _findings(name: str, runs_dir: Path) -> dict[str, list[Finding]]:
    """By the folder's name."""
    path = path_of_run(name, runs_dir)
    groups = {path.name: examine_sweep(SweepFolder(path))} if looks_like_sweep(path) else {}
    return {**groups, **{examined.folder.id: list(examined.findings) for examined in _runs(path)}}


def _runs(path: Path) -> list[Examined]:
    if not looks_like_sweep(path):
        return [examine(RunFolder(path))]
    try:
        return [examine(folder) for _, folder in SweepFolder(path).runs()]
    except RunFolderError:
        return []


def _print(groups: dict[str, list[Finding]]) -> None:
    for run, findings in groups.items():
        if len(groups) > 1:
            show.rich(Text(run, style="bold"))
        show.rich(finding_table(findings))
