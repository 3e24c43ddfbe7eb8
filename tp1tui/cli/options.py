"""Arguments and options that several verbs share, so that each is called and explained the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp1tui import settings

if TYPE_CHECKING:
    from tp1tui.spec.dataset import DatasetKind

DATASETS: tuple[DatasetKind, ...] = ("cifar10", "mnist", "digits")
"""Those that are kept on disk; circles are generated."""

PresetName = Annotated[
    str, typer.Argument(metavar="PRESET", help="A preset's id, or any beginning of it that is no other's: cd18.")
]
RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's id, any part of it that is no other's, or a path.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a field of the experiment: --set optimizer.lr=0.03"),
]
RunsDir = Annotated[
    Path | None,
    typer.Option("--runs-dir", metavar="DIR", help="Where runs lie. Default: TP1TUI_RUNS, else runs in this folder."),
]
Device = Annotated[str, typer.Option("--device", metavar="NAME", help="auto, cpu, cuda, or cuda:N.")]
DeviceOrNone = Annotated[
    str | None, typer.Option("--device", metavar="NAME", help="auto, cpu, cuda, or cuda:N. Default: as before.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]


def runs_dir(given: Path | None) -> Path:
    """The folder of runs that an option, the environment or the current folder says."""
    return settings.runs_dir(given)
