"""The verbs on runs that are there: list, label, compare, draw and export them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tp1tui.cli import options
from tp1tui.cli.errors import told


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


def export(
    run: options.RunName,
    runs_dir: options.RunsDir = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Write the files there, beside no other run's.")
    ] = None,
) -> None:
    """Write a run, a sweep or a measure as CSV, into its own folder unless --to says otherwise."""
    from tp1tui.cli import steering

    with told():
        steering.export(run, options.runs_dir(runs_dir), to)


def plot(
    run: options.RunName,
    runs_dir: options.RunsDir = None,
    what: Annotated[
        str, typer.Option("--what", metavar="PLOT", help="loss, accuracy, or, of a run only, batches.")
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
        asked, file = plotting.what_named(what), plotting.drawable(output)
        plotting.plot(run, options.runs_dir(runs_dir), asked, file, log=log)
