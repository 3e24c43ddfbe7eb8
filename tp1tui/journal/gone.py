"""A run's folder that somebody has moved or removed while it was being looked at."""

from __future__ import annotations

from pathlib import Path

from tp1tui.journal.folder import RunFolder


def is_gone(folder: RunFolder) -> bool:
    """Whether nothing of a run lies at a folder's path any more; a disk that fails tells nothing of the kind."""
    return _is_missing(folder.spec_path) and _is_missing(folder.journal_path)


def gone(folder: RunFolder) -> str:
    """A sentence about it."""
    return f"The run's folder {folder.path} is gone: it was moved or removed."


def _is_missing(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
