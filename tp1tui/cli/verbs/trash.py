"""`tp1tui trash`: what was thrown away, bring it back, remove it for good."""

from __future__ import annotations

from typing import Annotated

import typer

from tp1tui.cli import options
from tp1tui.cli.errors import told

trash = typer.Typer(help="Runs that were thrown away: list, add, restore, empty.", no_args_is_help=True)

Thrown = Annotated[
    str | None,
    typer.Argument(metavar="[RUN]", help="Any part of the id of a run in the trash; the last when left out."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing.")]


@trash.callback()
def bare(context: typer.Context, runs_dir: options.RunsDir = None) -> None:
    """Say of which folder of runs the trash is meant; its verbs take that, too."""
    options.for_every_verb(context, runs_dir=runs_dir)


@trash.command("list")
def list_trash(runs_dir: options.RunsDir = None, as_json: options.AsJson = False) -> None:
    """List what lies in the trash, what was thrown away last coming first."""
    from tp1tui.cli import throwing

    with told():
        throwing.show_all(options.runs_dir(runs_dir), as_json=as_json)


@trash.command()
def add(run: options.RunName, runs_dir: options.RunsDir = None) -> None:
    """Move a run, or a sweep with all of its runs, to the trash."""
    from tp1tui.cli import throwing

    with told():
        throwing.add(run, options.runs_dir(runs_dir))


@trash.command()
def restore(run: Thrown = None, runs_dir: options.RunsDir = None) -> None:
    """Bring back what was thrown away last, or what was thrown away together with a run."""
    from tp1tui.cli import throwing

    with told():
        throwing.restore(run, options.runs_dir(runs_dir))


@trash.command()
def empty(yes: Yes = False, runs_dir: options.RunsDir = None) -> None:
    """Remove for good what lies in the trash."""
    from tp1tui.cli import throwing

    with told():
        throwing.empty(options.runs_dir(runs_dir), sure=yes)
