"""`tp1tui reproduce`: the report's experiments, trained and held against its figures in one table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tp1tui.cli import running, show, sweeping
from tp1tui.cli.console import PlainConsole
from tp1tui.cli.errors import WrongUsage
from tp1tui.cli.presets import library
from tp1tui.journal import result_csv
from tp1tui.journal.atomic import replacing
from tp1tui.journal.csv_files import write_tables
from tp1tui.journal.listing import find_run
from tp1tui.journal.reproduction import markdown, page, reproductions, table, trained
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_record import SweepFollower, points
from tp1tui.spec.frozen import SweepSpec
from tp1tui.spec.preset import RunPreset
from tp1tui.spec.reproducing import has_figures, reproduction
from tp1tui.tui.paste import command, command_on
from tp1tui.worker import launcher

PRESET = "reproduce"
"""Stands in the sweep's id where that of a preset does."""
FILES = ("reproduced.csv", "reproduced.md")


def start(which: Sequence[str], seeds: int, epochs: int | None, device: str, runs_dir: Path) -> SweepFolder:
    """Put the experiments in line.

    Args:
        which: Sections or presets; all with figures of the report when none is named.
        seeds: Runs of each.
        epochs: No experiment is longer.
        device: auto, cpu, cuda or cuda:N.
        runs_dir: Where runs lie.

    Raises:
        WrongUsage, UnknownPreset, SpecError, LaunchError: They cannot be started.
    """
    asked = reproduction(_chosen(which), seeds, epochs)
    return launcher.start_sweep(SweepSpec.of(PRESET, asked, asked), runs_dir, device)


def say_detached(sweep: SweepFolder, *, as_json: bool) -> None:
    """Tell how to come back, and how to get the table."""
    running.say_detached(sweep, as_json=as_json)
    if not as_json:
        report = command_on(sweep.path, "reproduce", "--report")
        show.sentence(f"`{report}` makes the table, also before it is over.")


def follow(sweep: SweepFolder, to: Path | None, *, as_json: bool) -> int:
    """Show the runs until they are over, then the table. Returns the exit code: 0 when no run failed."""
    follower, over = sweeping.watch(sweep, PlainConsole(stderr=as_json))
    if not over:
        return 0
    report(sweep, to, as_json=as_json)
    return sweeping.exit_code(follower)


def report(sweep: SweepFolder, to: Path | None, *, as_json: bool) -> None:
    """Print the table and write it as CSV and Markdown, into the sweep's folder unless `to` says otherwise.

    Raises:
        ExportError, OSError: It cannot be written.
    """
    from tp1tui.cli.results import print_results

    follower = SweepFollower(sweep)
    follower.poll()
    found = reproductions(points(follower.members))
    held = table(found)
    as_csv, as_markdown = FILES
    place = sweep.path if to is None else to
    write_tables({as_csv: result_csv.rows(held)}, place)
    with replacing(place / as_markdown) as file:
        file.write(markdown(found))
    if as_json:
        show.as_json({"id": sweep.id, "state": follower.state, "table": json.loads(held.model_dump_json())})
        return
    print_results([page(found)], PlainConsole())
    for sentence in trained(found):
        show.sentence(sentence)
    for name in FILES:
        show.line(str(place / name))


def find_sweep(name: str, runs_dir: Path) -> SweepFolder:
    """A sweep by its name.

    Raises:
        UnknownRun: Nothing, or several, have this name.
        WrongUsage: It is none.
    """
    folder = find_run(name, runs_dir)
    if not isinstance(folder, SweepFolder):
        listing = command("runs", runs_dir=runs_dir)
        raise WrongUsage(f"{folder.id} is no sweep, so there is no table of it. `{listing}` lists sweeps.")
    return folder


def _chosen(which: Sequence[str]) -> list[tuple[str, RunPreset]]:
    presets = library()
    sections = {file.section for file in presets.all()}
    chosen: dict[str, RunPreset] = {}
    for name in which or [""]:
        whole = not name or name in sections
        for file in presets.all() if whole else [presets.find(name)]:
            if whole and name not in ("", file.section):
                continue
            preset = presets.load(file)
            if isinstance(preset, RunPreset) and has_figures(preset):
                chosen[file.id] = preset
            elif not whole:
                raise WrongUsage(f"The report has no accuracy for {file.id}, so there is nothing to reproduce.")
    if not chosen:
        raise WrongUsage(f"The report has no accuracy for any preset of {', '.join(which) or 'those that are here'}.")
    return list(chosen.items())
