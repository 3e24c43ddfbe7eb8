"""What verbs print: text for people through rich, JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType


def line(text: str) -> None:
    """One line of plain text on standard output."""
    typer.echo(text)


def error(text: str) -> None:
    """A sentence on standard error."""
    typer.echo(text, err=True)


def rich(*pieces: RenderableType) -> None:
    """Tables and text on standard output, as wide as the terminal, without colour where there is none."""
    from rich.console import Console

    console = Console(highlight=False)
    for piece in pieces:
        console.print(piece)


def as_json(value: object) -> None:
    """A value as JSON; dates and paths as text."""
    typer.echo(json.dumps(value, indent=2, default=str, allow_nan=False))
