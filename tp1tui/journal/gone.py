"""A run's folder that somebody has moved or removed while it was being looked at."""

from __future__ import annotations

from tp1tui.journal.folder import RunFolder


def is_gone(folder: RunFolder) -> bool:
    """Whether no run lies at a folder's path any more; a disk that fails tells nothing of the kind."""
    try:
        folder.spec_path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def gone(folder: RunFolder) -> str:
    """A sentence about it."""
    return f"The run's folder {folder.path} is gone: it was moved or removed."
