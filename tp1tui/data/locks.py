"""One process at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tp1tui.files.private import make_private


@contextmanager
def only_one(path: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold a lock file; other processes (and other callers in this one) wait until it is let go.

    The system lets go of it when its holder dies, however that happens.

    Args:
        path: The lock file. It stays behind, empty: removing it could let two holders in.
        on_wait: Called once when the lock is held by someone else, before waiting.

    Raises:
        OSError: The file cannot be made or locked.
    """
    import portalocker

    make_private(path.parent)
    with path.open("a") as file:
        try:
            portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
        except portalocker.AlreadyLocked:
            on_wait()
            portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
        except portalocker.LockException as error:
            raise OSError(f"it cannot be locked: {error}") from error
        try:
            yield
        finally:
            portalocker.unlock(file)
