"""The verbs on tp1tui itself, and on what became of a run's files: keys, doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from tp1tui.cli import options
from tp1tui.cli.errors import WrongUsage, told


def keys(
    as_toml: Annotated[
        bool, typer.Option("--toml", help="As a file to begin with, in which nothing is changed.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """List the keys of every screen, with the names by which keys.toml gives them others."""
    from tp1tui.cli import keys

    with told():
        if as_toml and as_json:
            raise WrongUsage("--toml and --json are two forms of one list: leave one of them out.")
        if as_toml:
            keys.show_file()
        else:
            keys.show_keys(as_json=as_json)


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
        if repair and as_json:
            raise WrongUsage("--repair says in words what it did: leave --json out.")
        raise typer.Exit(examining.mend(run, folder) if repair else examining.look_at(run, folder, as_json=as_json))
