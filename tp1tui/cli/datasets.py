"""What `tp1tui data` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bars

from tp1tui import settings
from tp1tui.cli import show
from tp1tui.cli.errors import UnknownDataset
from tp1tui.cli.options import DATASETS
from tp1tui.data.download import Progress
from tp1tui.data.errors import DatasetError
from tp1tui.data.store import Store
from tp1tui.spec.dataset import DatasetKind


def show_status(*, as_json: bool, verify: bool) -> int:
    """What is here. Returns the exit code: 1 when a dataset that was verified is damaged."""
    store = Store(settings.data_dir())
    statuses = [store.status(kind) for kind in DATASETS]
    problems = {status.kind: _problem(store, status.kind) for status in statuses if verify and status.state == "ready"}
    if as_json:
        show.as_json([{**asdict(status), "problem": problems.get(status.kind)} for status in statuses])
    else:
        for status in statuses:
            problem = problems.get(status.kind)
            checked = " Every byte is right." if verify and status.state == "ready" else ""
            show.line(problem or status.sentence + checked)
    return 1 if any(problems.values()) else 0


def fetch_all(names: Sequence[str]) -> None:
    """Fetch datasets one after the other.

    Raises:
        DatasetError: One cannot be had.
        UnknownDataset: There is none of that name.
    """
    from tp1tui.data.fetch import fetch

    store = Store(settings.data_dir())
    for name in names:
        kind = _kind(name)
        with Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        ) as bars:
            task = bars.add_task(f"fetching {name}", total=None)

            def tell(progress: Progress, bars: Bars = bars, task: TaskID = task) -> None:
                bars.update(task, description=progress.what, completed=progress.done, total=progress.total)

            fetch(kind, store, tell)
        show.line(store.status(kind).sentence)


def take(path: Path) -> None:
    """Keep a local copy of a dataset.

    Raises:
        DatasetError: There is none in it, or it is not what its authors published.
    """
    from tp1tui.data.importing import import_from

    store = Store(settings.data_dir())
    show.line(store.status(import_from(path, store)).sentence)


def _problem(store: Store, kind: DatasetKind) -> str | None:
    if not store.is_complete(kind):
        return None  # made from an installed package when it is first needed
    try:
        store.verify(kind)
    except DatasetError as error:
        return str(error)
    return None


def _kind(name: str) -> DatasetKind:
    for kind in DATASETS:
        if kind == name:
            return kind
    raise UnknownDataset(f"There is no dataset {name!r} to fetch. There are: {', '.join(DATASETS)}.")
