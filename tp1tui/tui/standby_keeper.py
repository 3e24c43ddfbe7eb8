"""Keeping a standby worker while the screens are open, so that a run begins without waiting for torch."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.worker.standby import Standby

ROOM = 2 << 30
"""Bytes of memory that must be free for other programs: with less, the person's work needs them more."""
REST = 15.0
"""Seconds after a run was begun before the next worker is made ready: its first seconds are the run's."""


class StandbyKeeper:
    """One standby worker at a time; the next one some time after a run was begun.

    It may be asked from several threads; they take turns.
    """

    def __init__(self) -> None:
        self._turn = Lock()
        self._standby: Standby | None = None
        self._not_before = 0.0
        self._gave_up = False

    def tend(self) -> None:
        """See that there is a standby worker, where there is memory for it.

        One that died by itself has no successor: what it died of is still there.
        """
        with self._turn:
            if self._standby is not None:
                self._gave_up = self._gave_up or not self._standby.is_alive
            elif not self._gave_up and monotonic() >= self._not_before and free_memory() >= ROOM:
                self._start()

    def give(self, folder: RunFolder, device: str) -> bool:
        """Let the standby worker have a run: it is a worker as any other then, and does not end with the screens.

        Args:
            folder: Of the run.
            device: auto, cpu, cuda or cuda:N.

        Returns:
            Whether there was one that was ready, and it took the run.
        """
        with self._turn:
            self._not_before = monotonic() + REST
            standby = self._standby
            if standby is None or not standby.is_ready:
                return False
            self._standby = None
            return standby.give(folder, device)

    def dismiss(self) -> None:
        """End the standby worker, if there is one."""
        with self._turn:
            if self._standby is not None:
                self._standby.dismiss()
                self._standby = None

    def _start(self) -> None:
        from tp1tui.worker.standby import Standby

        try:
            self._standby = Standby()
        except OSError:  # too many processes; runs begin without
            self._gave_up = True


def free_memory(limits: Path = Path("/sys/fs/cgroup")) -> int:
    """Bytes that programs can still have: of the machine, and of a container's share of it.

    Args:
        limits: Where Linux tells a container what it may have (cgroup v2).
    """
    from psutil import virtual_memory

    free = int(virtual_memory().available)
    with suppress(OSError, ValueError):  # not Linux, or `max`: no limit
        limit = int((limits / "memory.max").read_text(encoding="ascii"))
        free = min(free, limit - int((limits / "memory.current").read_text(encoding="ascii")))
    return free
