"""Reading files that anything may lie in the place of: pipes that never end, and files larger than memory."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


class TooLarge(OSError):  # noqa: N818 - what a file is, not a fault of the system
    """A file that has more bytes than one of its kind may have. `strerror` says so."""


def opened(path: Path) -> BinaryIO:
    """Open a plain file to read its bytes.

    Raises:
        OSError: It cannot be opened, or is no plain file: a pipe, for one, would be waited for for ever.
    """
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    mode = os.fstat(file).st_mode
    if stat.S_ISREG(mode):
        return open(file, "rb")  # noqa: PTH123 - whoever asked closes it
    os.close(file)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise _no_plain_file(path)


def appended(path: Path) -> BinaryIO:
    """Open a plain file to write at its end; one that is not there is made, for its owner only.

    Raises:
        OSError: It cannot be opened, or is no plain file.
    """
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    if stat.S_ISREG(os.fstat(file).st_mode):
        return open(file, "ab")  # noqa: PTH123 - whoever asked closes it
    os.close(file)
    raise _no_plain_file(path)


def content(path: Path, most: int) -> bytes:
    """The bytes of a plain file.

    Args:
        path: Of the file.
        most: How many it may have.

    Raises:
        TooLarge: It has more.
        OSError: As for `opened`.
    """
    with opened(path) as file:
        found = file.read(most + 1) if os.fstat(file.fileno()).st_size <= most else None
    if found is None or len(found) > most:
        raise TooLarge(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
    return found


def _no_plain_file(path: Path) -> OSError:
    return OSError(errno.EINVAL, "it is no plain file", str(path))
