"""The `tp1tui` command: its verbs, and how errors are told.

What a verb needs is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tp1tui.cli import options, show
from tp1tui.cli.answers import answers
from tp1tui.cli.data import data
from tp1tui.cli.errors import WrongUsage, told
from tp1tui.cli.line import line
from tp1tui.cli.trash import trash
from tp1tui.tui.terminal.ability import Ability

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.sweep_folder import SweepFolder

app = typer.Typer(
    name="tp1tui",
    help="A terminal laboratory for a first deep-learning practical. Without a verb, it opens the screen.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(data, name="data")
app.add_typer(line, name="line")
app.add_typer(answers, name="answers")
app.add_typer(trash, name="trash")


@app.callback(invoke_without_command=True)
def bare(
    context: typer.Context,
    runs_dir: options.RunsDir = None,
    device: options.Device = None,
    ascii_only: options.Ascii = None,
    theme: options.Theme = None,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    """Open the bench, where questions are chosen and runs are started."""
    if version:
        from tp1tui import __version__

        show.line(f"tp1tui {__version__}")
        raise typer.Exit
    options.for_every_verb(context, runs_dir=runs_dir, device=device, ascii_only=ascii_only, theme=theme)
    if context.invoked_subcommand is None:
        with told():
            _open_screen(runs_dir, device, Ability.here(ascii_only=ascii_only), theme)


@app.command("list")
def list_presets(as_json: options.AsJson = False) -> None:
    """List every preset: its id, what it asks, and where it comes from."""
    from tp1tui.cli import presets

    with told():
        presets.show_all(as_json=as_json)


@app.command("show")
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
        if folder := run_page.named(name, options.runs_dir(runs_dir)):
            run_page.show_run(folder, as_json=as_json)
            return
        presets.show_one(presets.Asked(name, tuple(settings or ()), tuple(vary or ()), seeds), as_json=as_json)


@app.command("run")
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
        asked = Asked(preset, tuple(settings or ()), tuple(vary or ()), seeds)
        start = running.start_now if now else running.start
        folder = start(asked, options.device(device), options.runs_dir(runs_dir))
        freeze(folder.path, prediction)
        if detach:
            running.say_detached(folder, as_json=as_json)
        elif isinstance(folder, SweepFolder):
            raise typer.Exit(sweeping.follow(folder, as_json=as_json))
        else:
            raise typer.Exit(running.follow(folder, as_json=as_json))


@app.command()
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
        int | None, typer.Option("--epochs", metavar="N", help="No experiment is longer than this.")
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
        if report is not None:
            reproducing.report(reproducing.find_sweep(report, runs_dir), to, as_json=as_json)
            return
        sweep = reproducing.start(which or [], 1 if seeds is None else seeds, epochs, options.device(device), runs_dir)
        if detach:
            reproducing.say_detached(sweep, as_json=as_json)
        else:
            raise typer.Exit(reproducing.follow(sweep, to, as_json=as_json))


@app.command()
def runs(
    looked_for: Annotated[
        str, typer.Option("--filter", metavar="TERMS", help='List some only: "state:failed top1>70 -tag:old".')
    ] = "",
    runs_dir: options.RunsDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List runs, newest first, those of a sweep together: state, epochs, and the best and last test top-1."""
    from tp1tui.cli import run_list

    with told():
        run_list.show_runs(options.runs_dir(runs_dir), looked_for, as_json=as_json)


@app.command()
def label(
    run: options.RunName,
    name: Annotated[str | None, typer.Option("--name", help="What to call it; an empty one takes it away.")] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", metavar="WORD", help="One tag more.")] = None,
    no_tags: Annotated[list[str] | None, typer.Option("--no-tag", metavar="WORD", help="One tag less.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="A line on it; an empty one takes it away.")] = None,
    pin: Annotated[bool | None, typer.Option("--pin/--no-pin", help="Whether it stands before all others.")] = None,
    runs_dir: options.RunsDir = None,
) -> None:
    """Write a name, tags, a note or a pin on a run or a sweep, and say what is written there. Its id never changes."""
    from tp1tui.cli import labelling

    with told():
        asked = labelling.Asked(name, tuple(tags or ()), tuple(no_tags or ()), note, pin)
        labelling.label(run, options.runs_dir(runs_dir), asked)


@app.command()
def watch(
    runs: options.RunNames,
    runs_dir: options.RunsDir = None,
    ascii_only: options.Ascii = None,
    theme: options.Theme = None,
) -> None:
    """Open the screen on a run or a sweep; on several, to compare them."""
    with told():
        _open_screen(runs_dir, None, Ability.here(ascii_only=ascii_only), theme, runs)


@app.command()
def compare(
    runs: options.RunNames,
    runs_dir: options.RunsDir = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="RUN", help="Also say what the others have above this one.")
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write every figure of every epoch there, the differences beside."),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Say in which fields runs differ and what each has reached. `tp1tui watch RUN RUN` shows their curves."""
    from tp1tui.cli import comparing

    with told():
        comparing.compare(runs, options.runs_dir(runs_dir), baseline, csv, as_json=as_json)


@app.command()
def pause(run: options.RunName, runs_dir: options.RunsDir = None) -> None:
    """Let a run stand still, or what runs of a sweep. It keeps its place and its memory."""
    from tp1tui.cli import steering

    with told():
        steering.pause(run, options.runs_dir(runs_dir))


@app.command()
def resume(run: options.RunName, runs_dir: options.RunsDir = None, device: options.DeviceOrNone = None) -> None:
    """Let a paused run go on, or take up one that was interrupted, stopped or failed; of a sweep, all that are left."""
    from tp1tui.cli import steering

    with told():
        steering.resume(run, options.runs_dir(runs_dir), device)


@app.command()
def stop(run: options.RunName, runs_dir: options.RunsDir = None) -> None:
    """End a run, or all of a sweep, after the batch at hand. What it has reached stays, and `resume` takes it up."""
    from tp1tui.cli import steering

    with told():
        steering.stop(run, options.runs_dir(runs_dir))


@app.command()
def probe(
    run: options.RunName,
    number: Annotated[int, typer.Argument(min=1, help="Which example, counted from 1.")],
    runs_dir: options.RunsDir = None,
    train: Annotated[bool, typer.Option("--train", help="Of the training set instead of the test set.")] = False,
) -> None:
    """Look at another example while a run goes: what its network makes of it is shown on the run's screen, too."""
    from tp1tui.cli import steering

    with told():
        steering.probe(run, options.runs_dir(runs_dir), number, "train" if train else "test")


@app.command()
def export(
    run: options.RunName,
    runs_dir: options.RunsDir = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="Write the files there.")] = None,
) -> None:
    """Write a run, a sweep or a measure as CSV, into its own folder unless --to says otherwise."""
    from tp1tui.cli import steering

    with told():
        steering.export(run, options.runs_dir(runs_dir), to)


@app.command()
def keys(
    as_toml: Annotated[
        bool, typer.Option("--toml", help="As a file to begin with, in which nothing is changed.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """List the keys of every screen, with the names by which keys.toml gives them others."""
    from tp1tui.cli import keys

    with told():
        if as_toml:
            keys.show_file()
        else:
            keys.show_keys(as_json=as_json)


@app.command()
def plot(
    run: options.RunName,
    runs_dir: options.RunsDir = None,
    what: Annotated[
        Literal["loss", "accuracy", "batches"], typer.Option("--what", help="Which plot; batches of a run only.")
    ] = "loss",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="An .svg or .png. Default: both, in the run's folder."),
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="The loss on a log scale.")] = False,
) -> None:
    """Save a plot of a run or a sweep, as SVG and PNG, on white and with every point."""
    from tp1tui.cli import plotting

    with told():
        plotting.plot(run, options.runs_dir(runs_dir), what, output, log=log)


@app.command()
def doctor(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="A run or a sweep to examine; this installation if left out.")
    ] = None,
    runs_dir: options.RunsDir = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Write a copy of a damaged run with all that can be trusted.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Examine this installation, or a run: versions, devices and places, or journal, checkpoints and experiment."""
    from tp1tui.cli import checkup, examining

    with told():
        folder = options.runs_dir(runs_dir)
        if run is None:
            if repair:
                raise WrongUsage("--repair needs a run: tp1tui doctor RUN --repair.")
            raise typer.Exit(checkup.examine(folder, as_json=as_json))
        raise typer.Exit(examining.mend(run, folder) if repair else examining.look_at(run, folder, as_json=as_json))


def _open_screen(
    runs_dir: Path | None, device: str | None, ability: Ability, theme: str | None, runs: Sequence[str] = ()
) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        show.error(
            "tp1tui draws on a terminal, and this is none. Without one, use `tp1tui list`, `tp1tui run PRESET` or "
            "`tp1tui runs`; `tp1tui --help` names all verbs."
        )
        raise typer.Exit(2)
    options.check_theme(theme)
    gc.disable()  # nothing is garbage yet, and looking for it takes a sixth of the way to the first screen
    from tp1tui.tui import app as screen
    from tp1tui.worker.device_name import check_device

    watch = _to_watch(runs, options.runs_dir(runs_dir)) if runs else None
    parting = screen.main(options.runs_dir(runs_dir), check_device(options.device(device)), ability, watch, theme)
    if parting:
        show.line(parting)


def _to_watch(names: Sequence[str], runs_dir: Path) -> RunFolder | SweepFolder | list[RunFolder]:
    """One run or sweep, or several runs to be compared."""
    from tp1tui.cli.comparing import folders_of
    from tp1tui.journal.listing import find_run

    return find_run(names[0], runs_dir) if len(names) == 1 else folders_of(names, runs_dir)


def main() -> None:
    """The entry point of the `tp1tui` script."""
    app()
