"""Whether a file is still the one that was read, told without opening it."""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[int, int, int]
"""Inode, size in bytes, and nanoseconds of the last change: one of them differs once a file was written or replaced."""


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a file as it is now; None where there is none, or none that can be looked at."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
