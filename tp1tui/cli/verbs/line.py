"""`tp1tui line`: what goes on and what waits, and changing the order."""

from __future__ import annotations

from typing import Annotated

import typer

from tp1tui.cli import options
from tp1tui.cli.errors import told

line = typer.Typer(help="The line: what goes on and what waits on each device; move, drop, serve.")
WaitingName = Annotated[
    str, typer.Argument(metavar="RUN", help="The id of a run or a sweep that waits, or any part of it.")
]


@line.callback(invoke_without_command=True)
def bare(context: typer.Context, runs_dir: options.RunsDir = None, as_json: options.AsJson = False) -> None:
    """Show what goes on and what waits, in order, with about when it will start."""
    from tp1tui.cli import lining

    if context.invoked_subcommand is not None:
        options.for_every_verb(context, runs_dir=runs_dir)
        return
    with told():
        lining.show_line(options.runs_dir(runs_dir), as_json=as_json)


@line.command()
def move(
    run: WaitingName,
    way: Annotated[str, typer.Argument(metavar="WAY", help="up, down, first or last.")],
    runs_dir: options.RunsDir = None,
) -> None:
    """Let a run that waits stand elsewhere among those that wait for the same device."""
    from tp1tui.cli import lining

    with told():
        lining.move(run, way, options.runs_dir(runs_dir))


@line.command()
def drop(run: WaitingName, runs_dir: options.RunsDir = None) -> None:
    """Take a run out of line, or all of a sweep that wait. `resume` starts it, or puts the sweep in line again."""
    from tp1tui.cli import lining

    with told():
        lining.drop(run, options.runs_dir(runs_dir))


@line.command()
def serve(runs_dir: options.RunsDir = None) -> None:
    """Go on with what waits, where no process does, as after the machine was started anew."""
    from tp1tui.cli import lining

    with told():
        lining.serve(options.runs_dir(runs_dir))
