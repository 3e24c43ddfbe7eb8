"""The verbs on what can be trained: which presets there are, training one, training all that the report has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tp1tui.cli import options
from tp1tui.cli.errors import WrongUsage, told


def list_presets(as_json: options.AsJson = False) -> None:
    """List every preset: its id, what it asks, and where it comes from."""
    from tp1tui.cli import presets

    with told():
        presets.show_all(as_json=as_json)


def show_preset(
    name: options.PresetOrRunName,
    settings: options.Settings = None,
    vary: options.Vary = None,
    seeds: options.Seeds = None,
    runs_dir: options.RunsDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show one preset: the question, what is run for it, what the report found. Or a run, with what it has reached."""
    from tp1tui.cli import presets, run_page

    with told():
        asked = presets.Asked(name, tuple(settings or ()), tuple(vary or ()), options.seeds(seeds))
        if folder := run_page.named(name, options.runs_dir(runs_dir)):
            if asked.changes_anything:
                raise WrongUsage(
                    f"{folder.id} is there already: leave out --set, --vary and --seeds, which change a preset."
                )
            run_page.show_run(folder, as_json=as_json)
        else:
            presets.show_one(asked, as_json=as_json)


def run_preset(
    preset: options.PresetName,
    settings: options.Settings = None,
    vary: options.Vary = None,
    seeds: options.Seeds = None,
    device: options.Device = None,
    runs_dir: options.RunsDir = None,
    detach: options.Detach = False,
    now: Annotated[
        bool, typer.Option("--now", help="Start it at once, also where its device has a run already.")
    ] = False,
    prediction: options.Prediction = "",
    as_json: options.AsJson = False,
) -> None:
    """Train or compute a preset and follow it; where its device has a run already, it waits in line.

    Ctrl-C asks whether to stop it or to leave it running.
    """
    from tp1tui.cli import running, sweeping
    from tp1tui.cli.presets import Asked
    from tp1tui.journal.prediction import freeze
    from tp1tui.journal.sweep_folder import SweepFolder

    with told():
        asked = Asked(preset, tuple(settings or ()), tuple(vary or ()), options.seeds(seeds))
        start = running.start_now if now else running.start
        folder = start(asked, options.device(device), options.runs_dir(runs_dir))
        freeze(folder.path, prediction)
        if detach:
            running.say_detached(folder, as_json=as_json)
        elif isinstance(folder, SweepFolder):
            raise typer.Exit(sweeping.follow(folder, as_json=as_json))
        else:
            raise typer.Exit(running.follow(folder, as_json=as_json))


def reproduce(
    which: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SECTION | PRESET]...", help="Sections or presets; all with figures when none is."),
    ] = None,
    report: Annotated[
        str | None, typer.Option("--report", metavar="SWEEP", help="Train nothing: the table of a sweep that is there.")
    ] = None,
    seeds: options.Seeds = None,
    epochs: Annotated[
        str | None, typer.Option("--epochs", metavar="N", help="No experiment is longer than this.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="Write the table there.")] = None,
    device: options.Device = None,
    runs_dir: options.RunsDir = None,
    detach: options.Detach = False,
    as_json: options.AsJson = False,
) -> None:
    """Train the experiments that the report has figures for, and hold ours against them in one table."""
    from tp1tui.cli import reproducing

    with told():
        runs_dir = options.runs_dir(runs_dir)
        many = options.seeds(seeds)
        longest = None if epochs is None else options.whole_number("--epochs", epochs)
        if report is not None:
            if which or many or longest or detach:
                raise WrongUsage("--report trains nothing: name the sweep alone, and --to where the table is to go.")
            reproducing.report(reproducing.find_sweep(report, runs_dir), to, as_json=as_json)
            return
        sweep = reproducing.start(which or [], many or 1, longest, options.device(device), runs_dir)
        if detach:
            reproducing.say_detached(sweep, as_json=as_json)
        else:
            raise typer.Exit(reproducing.follow(sweep, to, as_json=as_json))
