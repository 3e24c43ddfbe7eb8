"""`tp1tui answers`: which questions are answered, and all answers as one document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tp1tui.cli import options
from tp1tui.cli.errors import told

answers = typer.Typer(help="Answers to the questions: which there are, and export them as one document.")


@answers.callback(invoke_without_command=True)
def list_answers(context: typer.Context, runs_dir: options.RunsDir = None, as_json: options.AsJson = False) -> None:
    """List the questions that were tried or answered, in the subject's order."""
    from tp1tui.cli import answering

    options.for_every_verb(context, runs_dir=runs_dir)
    if context.invoked_subcommand is None:
        with told():
            answering.show_answers(options.runs_dir(runs_dir), as_json=as_json)


@answers.command()
def export(
    to: Annotated[Path, typer.Argument(metavar="FILE.md", help="Where to; a file that is there is left alone.")],
    runs_dir: options.RunsDir = None,
) -> None:
    """Write all answers as one Markdown document, each with its question and the figures of its runs."""
    from tp1tui.cli import answering

    with told():
        answering.export_answers(options.runs_dir(runs_dir), to)
