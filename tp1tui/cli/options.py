"""Arguments and options that several verbs share, so that each is called and explained the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp1tui import settings
from tp1tui.cli.errors import WrongUsage

if TYPE_CHECKING:
    from tp1tui.spec.dataset import DatasetKind

DATASETS: tuple[DatasetKind, ...] = ("cifar10", "mnist", "digits")
"""Those that are kept on disk; circles are generated."""

PresetName = Annotated[
    str, typer.Argument(metavar="PRESET", help="A preset's id, or any part of it that is no other's: cd18.")
]
PresetOrRunName = Annotated[
    str, typer.Argument(metavar="PRESET | RUN", help="A preset's id or a run's, or any part of it that is no other's.")
]
RunName = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="The id of a run, a sweep or a measure, any part that is no other's, its name, or a path.",
    ),
]
RunNames = Annotated[
    list[str],
    typer.Argument(metavar="RUN...", help="Runs, named as for the other verbs; a sweep stands for its members."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a field, as in --set optimizer.lr=0.03. May be repeated."),
]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="KEY=V1,V2,…",
        help="Make it a sweep: one run a value, as in --vary dropout.p=0,0.3,0.9. Twice for every pair of values.",
    ),
]
Seeds = Annotated[
    str | None,
    typer.Option("--seeds", metavar="N", help="Train everything N times, each time with another seed: mean and band."),
]
RunsDir = Annotated[
    Path | None,
    typer.Option("--runs-dir", metavar="DIR", help="Where runs lie. Default: TP1TUI_RUNS, else runs in this folder."),
]
Device = Annotated[
    str | None,
    typer.Option("--device", metavar="NAME", help="auto, cpu, cuda, cuda:N, or cuda:0,cuda:1. Default: auto."),
]
DeviceOrNone = Annotated[
    str | None,
    typer.Option("--device", metavar="NAME", help="auto, cpu, cuda, cuda:N, or cuda:0,cuda:1. Default: as before."),
]
Ascii = Annotated[
    bool | None,
    typer.Option(
        "--ascii/--no-ascii", help="Draw with ASCII characters only, or with all. Default: as the locale and TERM say."
    ),
]
Theme = Annotated[
    str | None, typer.Option("--theme", metavar="NAME", help="The screens' colours. Default: those used last.")
]
Detach = Annotated[bool, typer.Option("--detach", help="Start it and come back at once.")]
Prediction = Annotated[
    str, typer.Option("--predict", metavar="TEXT", help="What you expect, frozen with the run: 72 %, it overfits.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]


def for_every_verb(context: typer.Context, **options: object) -> None:
    """Let options that stand before the verb hold for it, unless it says otherwise itself."""
    given = {name: value for name, value in options.items() if value is not None}
    context.default_map = _for_verbs_of(context.command, given)


def _for_verbs_of(command: object, given: Mapping[str, object]) -> dict[str, object]:
    """What holds for each verb below a command, and for those below that: `trash empty` is two verbs deep."""
    verbs: Mapping[str, object] = getattr(command, "commands", {})  # of a group alone
    return {name: {**given, **_for_verbs_of(verb, given)} for name, verb in verbs.items()}


def runs_dir(given: Path | None) -> Path:
    """The folder of runs that an option, the environment or the current folder says."""
    return settings.runs_dir(given)


def whole_number(name: str, given: str) -> int:
    """What was typed where a number from 1 on belongs.

    Args:
        name: Of the option or argument, for a sentence.
        given: What was typed.

    Raises:
        WrongUsage: It is no such number.
    """
    try:
        number = int(given)
    except ValueError:  # also of one with thousands of digits
        number = 0
    if number < 1:
        raise WrongUsage(f"{name} is {given!r}, but must be a whole number from 1 on.")
    return number


def seeds(given: str | None) -> int | None:
    """How often everything is trained; None for what the preset says.

    Raises:
        WrongUsage: It is no number, or none that anything can be done so often.
    """
    return None if given is None else whole_number("--seeds", given)


def check_device(name: str | None) -> None:
    """Refuse what names no device, also where the verb would not come to use it.

    Raises:
        UnknownDevice: It is no device's name.
    """
    if name is not None:
        from tp1tui.worker import device_name

        device_name.check_device(name)


def check_theme(name: str | None) -> None:
    """Refuse a theme that there is not.

    Raises:
        WrongUsage: There is none of this name.
    """
    from tp1tui.tui.preferences import unknown_theme
    from tp1tui.tui.themes import THEMES

    if name is not None and name not in THEMES:
        raise WrongUsage(unknown_theme(name))


def device(given: str | None) -> str:
    """The device that an option names; auto without one."""
    return given or "auto"
