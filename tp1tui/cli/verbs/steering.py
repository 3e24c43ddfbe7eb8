"""The verbs that ask something of a run as it goes."""

from __future__ import annotations

from typing import Annotated

import typer

from tp1tui.cli import options
from tp1tui.cli.errors import told


def pause(run: options.RunName, runs_dir: options.RunsDir = None) -> None:
    """Let a run stand still, or what runs of a sweep. It keeps its place and its memory."""
    from tp1tui.cli import steering

    with told():
        steering.pause(run, options.runs_dir(runs_dir))


def resume(run: options.RunName, runs_dir: options.RunsDir = None, device: options.DeviceOrNone = None) -> None:
    """Let a paused run go on, or take up one that was interrupted, stopped or failed; of a sweep, all that are left."""
    from tp1tui.cli import steering

    with told():
        options.check_device(device)
        steering.resume(run, options.runs_dir(runs_dir), device)


def stop(run: options.RunName, runs_dir: options.RunsDir = None) -> None:
    """End a run, or all of a sweep, after the batch at hand. What it has reached stays, and `resume` takes it up."""
    from tp1tui.cli import steering

    with told():
        steering.stop(run, options.runs_dir(runs_dir))


def probe(
    run: options.RunName,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Which example, counted from 1.")],
    runs_dir: options.RunsDir = None,
    train: Annotated[bool, typer.Option("--train", help="Of the training set instead of the test set.")] = False,
) -> None:
    """Look at another example while a run goes: what its network makes of it is shown on the run's screen, too."""
    from tp1tui.cli import steering

    with told():
        example = options.whole_number("NUMBER", number)
        steering.probe(run, options.runs_dir(runs_dir), example, "train" if train else "test")
