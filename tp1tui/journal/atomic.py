"""Files that are written whole or not at all: beside their place, flushed, renamed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A text file (UTF-8, line ends as written) that takes its place at `path` when the block ends without an error.

    Until then whatever stood at `path` stands there still; after an error nothing of the new file is left.

    Raises:
        OSError: The file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with draft.open("x", encoding="utf-8", newline="") as file:
        try:
            yield file
            flush(file)
            draft.replace(path)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise


def flush(file: TextIO) -> None:
    """Bring what was written onto the disk; a full disk shows here at the latest."""
    file.flush()
    os.fsync(file.fileno())
