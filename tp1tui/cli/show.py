"""What verbs print: text for people through rich, JSON for programs."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from math import isfinite
from typing import TYPE_CHECKING, TextIO

import typer

from tp1tui.journal.csv_files import cell_text
from tp1tui.spec.steering import without_steering

if TYPE_CHECKING:
    from rich.console import RenderableType

_COMMAND = re.compile(r"`[^`]*`")
_NO_BREAK = "\x1f"
"""Stands for a blank; no text that is printed has it, as it might steer a terminal."""


def line(text: str) -> None:
    """One line of plain text on standard output."""
    typer.echo(without_steering(text))


def sentence(text: str) -> None:
    """Words for a person on standard output, broken between words on a terminal."""
    typer.echo(_folded(text, sys.stdout))


def error(text: str) -> None:
    """Words for a person on standard error, broken between words on a terminal."""
    typer.echo(_folded(text, sys.stderr), err=True)


def rich(*pieces: RenderableType) -> None:
    """Tables and text on standard output, as wide as the terminal, without colour where there is none."""
    from tp1tui.cli.console import PlainConsole

    console = PlainConsole()
    for piece in pieces:
        console.print(piece)


def as_json(value: object) -> None:
    """A value as JSON; dates and paths as text, and so is NaN and infinity, which JSON does not know."""
    typer.echo(json.dumps(_finite(value), indent=2, default=str, allow_nan=False))


def _finite(value: object) -> object:
    match value:
        case float() if not isfinite(value):
            return cell_text(value)
        case dict():
            return {key: _finite(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_finite(inner) for inner in value]
    return value


def _folded(text: str, stream: TextIO) -> str:
    """As wide as the terminal, but for indented lines, which are to be copied.

    As it is where there is none, for programs that read it line by line.
    """
    text = without_steering(text)
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    lines = text.splitlines()
    return "\n".join(line if line.startswith(" ") else _filled(line, width) for line in lines)


def _filled(line: str, width: int) -> str:
    """What stands in backquotes stays on one line, to be pasted."""
    line = _COMMAND.sub(lambda command: command[0].replace(" ", _NO_BREAK), line)
    filled = textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
    return filled.replace(_NO_BREAK, " ")
