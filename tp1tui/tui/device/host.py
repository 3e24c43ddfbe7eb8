"""Processor and memory, and what a worker takes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp1tui.tui.device.reading import CpuReading

if TYPE_CHECKING:
    import psutil


class Host:
    """Reads processor and memory, from one call to the next. Not for two threads at once."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self._worker: psutil.Process | None = None

    def read(self, pid: int | None) -> CpuReading:
        """Processor and memory as they are now; loads are since the last call.

        Args:
            pid: Of a worker on this machine, if there is one.
        """
        import psutil

        cores = tuple(psutil.cpu_percent(percpu=True))
        memory = psutil.virtual_memory()
        load, resident = self._worker_share(pid, max(1, len(cores)))
        return CpuReading(cores, memory.total - memory.available, memory.total, load, resident)

    def _worker_share(self, pid: int | None, cores: int) -> tuple[float | None, int | None]:
        import psutil

        if pid is None:
            self._worker = None
            return None, None
        try:
            if self._worker is None or self._worker.pid != pid:
                self._worker = psutil.Process(pid)
                self._worker.cpu_percent()  # the first call only starts the clock
                return None, self._worker.memory_info().rss
            return self._worker.cpu_percent() / cores, self._worker.memory_info().rss
        except psutil.Error:
            self._worker = None
            return None, None
