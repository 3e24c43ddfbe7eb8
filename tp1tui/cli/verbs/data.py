"""`tp1tui data`: what datasets are here, and how to get them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tp1tui.cli import options
from tp1tui.cli.errors import told

NAMES = f"{', '.join(options.DATASETS)}; all when none is named."

data = typer.Typer(help="Datasets: what is here, fetch, import.", no_args_is_help=True)


@data.command()
def status(
    verify: Annotated[bool, typer.Option("--verify", help="Read every byte and compare digests.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Say which datasets are here, where, and whether they are whole."""
    from tp1tui.cli import datasets

    with told():
        raise typer.Exit(datasets.show_status(as_json=as_json, verify=verify))


@data.command()
def fetch(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DATASET]...", help=NAMES),
    ] = None,
) -> None:
    """Fetch datasets, verify them and keep them in the cache. Goes on where an earlier fetch was cut."""
    from tp1tui.cli import datasets

    with told():
        datasets.fetch_all(names or list(options.DATASETS))


@data.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="An archive or a folder that holds CIFAR-10 or MNIST.")],
) -> None:
    """Take a dataset from a local copy, verify it and keep it in the cache."""
    from tp1tui.cli import datasets

    with told():
        datasets.take(path)
