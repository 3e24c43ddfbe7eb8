"""Datasets on disk: one folder a dataset, one file an array, nothing in a file but the array's bytes.

So `sha256sum` of a file is the digest of its array, and opening one is mapping it into memory.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tp1tui.data.catalog import CATALOG
from tp1tui.data.digests import sha256_of
from tp1tui.data.entry import ARRAY_NAMES, ArrayFacts, ArrayName, DatasetEntry
from tp1tui.data.errors import DatasetError
from tp1tui.data.locks import only_one
from tp1tui.files.private import make_private, strangers
from tp1tui.spec import numbers
from tp1tui.spec.dataset import FACTS, DatasetKind

if TYPE_CHECKING:  # numpy comes with them, and who asks for a status only should not wait for it
    from tp1tui.data.arrays import Arrays, Bytes


@dataclass(frozen=True)
class DatasetStatus:
    """What there is of a dataset on this machine, by a look at names and sizes only."""

    kind: DatasetKind
    state: Literal["ready", "partial", "missing"]
    bytes: int
    """On disk, downloads that wait to be continued included."""
    where: Path
    sentence: str


class Store:
    """The folder of datasets.

    Args:
        root: The folder; made when something is first put into it.
        catalog: What may be kept there.
    """

    def __init__(self, root: Path, catalog: Mapping[DatasetKind, DatasetEntry] = CATALOG) -> None:
        self.root = root
        self.catalog = catalog

    def status(self, kind: DatasetKind) -> DatasetStatus:
        """What there is of a dataset; reads no content, so a ready one may yet prove damaged."""
        where = self.folder(kind)
        entry = self.catalog.get(kind)
        if entry is None:
            sentence = f"The {FACTS[kind].title} are generated from the experiment's seed; nothing is kept on disk."
            return DatasetStatus(kind, "ready", 0, where, sentence)
        kept, waiting = _size_of(where), _size_of(self.downloads(kind))
        if self.is_complete(kind):
            sentence = f"The {entry.title} dataset is in {where} ({numbers.size(kept)})."
            return DatasetStatus(kind, "ready", kept + waiting, where, sentence)
        if not entry.sources:
            sentence = f"The {entry.title} come with the scikit-learn package; they need no download."
            return DatasetStatus(kind, "ready", kept, where, sentence)
        if kept + waiting:
            return DatasetStatus(kind, "partial", kept + waiting, where, self._partial(entry, kept, waiting))
        return DatasetStatus(kind, "missing", 0, where, self._absent(entry))

    def is_complete(self, kind: DatasetKind) -> bool:
        """Whether every array is there in its right size; its content is not looked at. Never for a generated one."""
        entry = self.catalog.get(kind)
        return entry is not None and all(_size_of(self._file(kind, array.name)) == array.size for array in entry.arrays)

    def is_intact(self, kind: DatasetKind) -> bool:
        """Whether every array is there with the right bytes."""
        try:
            self.verify(kind)
        except DatasetError:
            return False
        return True

    def open(self, kind: DatasetKind) -> Arrays:
        """Map a dataset into memory without looking at its content; takes milliseconds.

        Raises:
            DatasetError: It is not here, others may write to it, or an array has not its right size.
        """
        entry = self.catalog[kind]
        if not _size_of(self.folder(kind)):
            raise DatasetError(self._absent(entry))
        self._check_private(kind)
        from tp1tui.data.arrays import Arrays

        return Arrays(**{array.name: self._map(entry, array) for array in entry.arrays})

    def verify(self, kind: DatasetKind) -> dict[str, str]:
        """Hash every array.

        Returns:
            SHA-256 by array name.

        Raises:
            DatasetError: It is not here, or an array is damaged; the sentence names the array and the way out.
        """
        return self.open_verified(kind)[1]

    def open_verified(self, kind: DatasetKind) -> tuple[Arrays, dict[str, str]]:
        """Map a dataset into memory and hash every array of it.

        Returns:
            The arrays, and their SHA-256 by name.

        Raises:
            DatasetError: As `verify`.
        """
        entry = self.catalog[kind]
        arrays = self.open(kind)
        digests: dict[str, str] = {}
        for name, array in arrays.by_name().items():
            digests[name] = sha256_of(array)
            if digests[name] != entry.array(name).sha256:
                raise self._damaged(entry, name, "its bytes have changed since it was put there")
        return arrays, digests

    def put(self, kind: DatasetKind, arrays: Arrays) -> None:
        """Keep a dataset: check it, write it beside its place, rename it.

        Raises:
            DatasetError: An array is not, byte for byte, what it should be; nothing was written.
            OSError: It cannot be written; what was there before is as it was.
        """
        entry = self.catalog[kind]
        for name, array in arrays.by_name().items():
            _check(entry, entry.array(name), array)
        make_private(self.folder(kind))
        with only_one(self.root / f"{kind}.put.lock"):
            beside = {name: self._file(kind, name).with_suffix(".incoming") for name in ARRAY_NAMES}
            try:
                for name, array in arrays.by_name().items():
                    _write(beside[name], array)
            except BaseException:
                for path in beside.values():
                    path.unlink(missing_ok=True)
                raise
            for name, path in beside.items():
                path.replace(self._file(kind, name))
            _flush_folder(self.folder(kind))

    def folder(self, kind: DatasetKind) -> Path:
        """Where a dataset's arrays are, or would be."""
        return self.root / kind

    def downloads(self, kind: DatasetKind) -> Path:
        """Where a dataset's downloads wait to be continued or unpacked."""
        return self.root / "downloads" / kind

    def _file(self, kind: DatasetKind, name: ArrayName) -> Path:
        return self.folder(kind) / f"{name}.uint8"

    def _check_private(self, kind: DatasetKind) -> None:
        """See that nobody else may change the arrays while a run is trained on them; the system's owner may anyway."""
        for folder in (self.root, self.folder(kind)):
            if told := strangers(folder):
                way_out = "Or name a folder of your own with TP1TUI_DATA; `tp1tui data import PATH` copies one."
                raise DatasetError(f"{told} {way_out}")

    def _map(self, entry: DatasetEntry, array: ArrayFacts) -> Bytes:
        import numpy as np

        path = self._file(entry.kind, array.name)
        try:
            size = path.stat().st_size
            if size != array.size:
                raise self._damaged(entry, array.name, f"it has {size:,} bytes instead of {array.size:,}")
            return np.memmap(path, dtype=np.uint8, mode="r", shape=array.shape)
        except FileNotFoundError:
            raise self._damaged(entry, array.name, "it is missing") from None
        except OSError as error:
            raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error

    def _absent(self, entry: DatasetEntry) -> str:
        where = self.folder(entry.kind)
        if not entry.sources:
            return f"The {entry.title} are not in {where} yet; they are made when they are first needed."
        return (
            f"The {entry.title} dataset is not here yet; `tp1tui data fetch {entry.kind}` brings it to {where}, "
            "and `tp1tui data import PATH` takes a copy that you have."
        )

    def _partial(self, entry: DatasetEntry, kept: int, waiting: int) -> str:
        if waiting:
            return (
                f"The {entry.title} dataset is not whole yet: {numbers.size(waiting)} of a download wait in "
                f"{self.downloads(entry.kind)}; `tp1tui data fetch {entry.kind}` goes on from there."
            )
        return (
            f"The {entry.title} dataset in {self.folder(entry.kind)} is not whole: {numbers.size(kept)} of "
            f"{numbers.size(entry.size)} are there; `tp1tui data fetch {entry.kind}` mends it."
        )

    def _damaged(self, entry: DatasetEntry, name: ArrayName, how: str) -> DatasetError:
        if entry.sources:
            way_out = (
                f"`tp1tui data fetch {entry.kind}` replaces it by a good one, "
                "and so does `tp1tui data import PATH` with a copy that you have."
            )
        else:
            way_out = "Delete that folder; it is made anew when it is next needed."
        return DatasetError(
            f"The {entry.title} dataset in {self.folder(entry.kind)} is damaged: {name}: {how}. {way_out}"
        )


def _check(entry: DatasetEntry, facts: ArrayFacts, array: Bytes) -> None:
    if array.dtype != facts.dtype or array.shape != facts.shape:
        raise DatasetError(
            f"This is not {entry.title}: {facts.name} is {array.dtype} {list(array.shape)} "
            f"instead of uint8 {list(facts.shape)}."
        )
    digest = sha256_of(array)
    if digest != facts.sha256:
        raise DatasetError(
            f"This is not {entry.title} as its authors published it: {facts.name} has SHA-256 {digest[:12]}… "
            f"instead of {facts.sha256[:12]}…."
        )


def _write(path: Path, array: Bytes) -> None:
    import numpy as np

    with path.open("wb") as file:
        file.write(np.ascontiguousarray(array).data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 for what is not there."""
    try:
        if path.is_dir():
            return sum(_size_of(below) for below in path.iterdir())
        return path.stat().st_size
    except OSError:
        return 0
