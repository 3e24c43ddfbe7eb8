"""The verb that opens the screens on runs, and how they are opened at all."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tp1tui.cli import options, show
from tp1tui.cli.errors import told
from tp1tui.tui.terminal.ability import Ability

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.sweep_folder import SweepFolder


def watch(
    runs: options.RunNames,
    runs_dir: options.RunsDir = None,
    ascii_only: options.Ascii = None,
    theme: options.Theme = None,
) -> None:
    """Open the screen on a run or a sweep; on several, to compare them."""
    with told():
        options.check_theme(theme)
        open_screen(runs_dir, None, Ability.here(ascii_only=ascii_only), theme, runs)


def open_screen(
    runs_dir: Path | None, device: str | None, ability: Ability, theme: str | None, runs: Sequence[str] = ()
) -> None:
    """Open the bench, or the screen on runs, and stay until the person leaves; then say how to come back.

    Args:
        runs_dir: Where runs are; the usual place when left out.
        device: auto, cpu, cuda or cuda:N; the one of the settings when left out.
        ability: What the terminal can show.
        theme: A theme for this time.
        runs: Names of a run or a sweep to open at once, or of several runs to compare.

    Raises:
        typer.Exit: This is no terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        show.error(
            "tp1tui draws on a terminal, and this is none. Without one, use `tp1tui list`, `tp1tui run PRESET` or "
            "`tp1tui runs`; `tp1tui --help` names all verbs."
        )
        raise typer.Exit(2)
    gc.disable()  # nothing is garbage yet, and looking for it takes a sixth of the way to the first screen
    from tp1tui.tui.main import main

    watch = _to_watch(runs, options.runs_dir(runs_dir)) if runs else None
    parting = main(options.runs_dir(runs_dir), options.device(device), ability, watch, theme)
    if parting:
        show.sentence(parting)


def _to_watch(names: Sequence[str], runs_dir: Path) -> RunFolder | SweepFolder | list[RunFolder]:
    """One run or sweep, or several runs to be compared."""
    from tp1tui.cli.comparing import folders_of
    from tp1tui.journal.listing import find_run

    return find_run(names[0], runs_dir) if len(names) == 1 else folders_of(names, runs_dir)
