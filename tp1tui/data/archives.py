"""Reads a packing's files out of a tar archive or a folder, by exact name, into memory and nowhere else.

Nothing is ever extracted to disk: what an archive calls its members decides nothing, and links are not followed.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tp1tui.data.entry import Member, Packing
from tp1tui.data.errors import DatasetError
from tp1tui.spec import numbers

MOST_UNPACKED = 1_000_000_000
"""Bytes that an archive may hold in all; those that we read hold less than a quarter of it."""


def read_members(path: Path, packing: Packing) -> Iterator[tuple[Member, bytes]]:
    """Read every file of a packing, in no certain order.

    Args:
        path: A gzipped tar archive, or a folder in which the files lie, each raw or with `.gz`.
        packing: What to read.

    Raises:
        DatasetError: A file is missing, is not a plain file, is too large, or has not its digest; or the archive is
            damaged.
    """
    found = _in_folder(path, packing) if path.is_dir() else _in_tar(path, packing)
    missing = {member.name for member in packing.members}
    for member, data in found:
        if len(data) > member.limit:
            raise DatasetError(
                f"{member.name} in {path} is larger than the {numbers.size(member.limit)} that it may have."
            )
        if member.digest and not member.digest.fits_bytes(data):
            raise DatasetError(
                f"{member.name} in {path} is damaged: it has not the {member.digest.label} it should have."
            )
        missing.discard(member.name)
        yield member, data
    if missing:
        raise DatasetError(
            f"{path} lacks {', '.join(sorted(missing))}, so it is not {packing.title}, or not all of it."
        )


def tar_names(path: Path) -> Iterator[str]:
    """Names of an archive's members, in order.

    Raises:
        DatasetError: It is not a gzipped tar archive, or a damaged one.
    """
    with _tar(path) as archive:
        for info in archive:
            yield info.name


def _in_tar(path: Path, packing: Packing) -> Iterator[tuple[Member, bytes]]:
    wanted = {packing.folder + member.name: member for member in packing.members}
    unpacked = 0
    with _tar(path) as archive:
        for info in archive:
            unpacked += info.size
            if unpacked > MOST_UNPACKED:
                raise DatasetError(
                    f"{path} unpacks to more than {numbers.size(MOST_UNPACKED)}, so it is not {packing.title}."
                )
            member = wanted.pop(info.name, None)
            if member is None:
                continue
            content = archive.extractfile(info) if info.isreg() else None
            if content is None:
                raise DatasetError(f"{info.name} in {path} is not a plain file.")
            yield member, content.read(member.limit + 1)
            if not wanted:
                return


@contextmanager
def _tar(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with _opened(path) as archive:
            yield archive
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DatasetError(f"{path} is not a gzipped tar archive, or it is damaged ({error}).") from error


def _opened(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, "r|gz")
    except TypeError as error:  # so the standard library meets a file that ends within its first bytes
        raise EOFError("it ends within its header") from error


def _in_folder(folder: Path, packing: Packing) -> Iterator[tuple[Member, bytes]]:
    for member in packing.members:
        raw, packed = folder / member.name, folder / f"{member.name}.gz"
        if raw.is_file():
            with raw.open("rb") as file:
                yield member, file.read(member.limit + 1)
        elif packed.is_file():
            yield member, _gunzip(packed, member.limit)


def _gunzip(path: Path, limit: int) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read(limit + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DatasetError(f"{path} is damaged ({error}).") from error
