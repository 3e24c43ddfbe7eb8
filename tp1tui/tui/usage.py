"""What a worker takes of this machine: processor, memory, GPU."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from tp1tui import settings
from tp1tui.journal.record import RunRecord
from tp1tui.tui.device.nvml import Gpus, GpuTrouble
from tp1tui.tui.device.others import gpu_of, held_by_others
from tp1tui.tui.device.reading import GpuReading
from tp1tui.tui.run.look import Usage

if TYPE_CHECKING:
    import psutil


class UsageMeter:
    """Measures one worker, from one call to the next. Not to be shared between threads."""

    def __init__(self) -> None:
        self._process: psutil.Process | None = None
        self._gpus = Gpus()

    def measure(self, record: RunRecord) -> Usage:
        """What the run's worker takes now; nothing where it is not on this machine, or gone."""
        import psutil

        started, pid = record.started, record.pid
        if started is None or pid is None or started.host != socket.gethostname():
            return Usage()
        try:
            if self._process is None or self._process.pid != pid:
                self._process = psutil.Process(pid)
                self._process.cpu_percent()  # the first call only starts the clock
                cpu = None
            else:
                cpu = self._process.cpu_percent()
            memory = self._process.memory_info().rss
        except psutil.Error:
            self._process = None
            return Usage()
        gpu = self._gpu(record.device or "cpu", pid)
        if gpu is None:
            return Usage(cpu, memory)
        of_worker = [tenant.memory for tenant in gpu.tenants if tenant.pid == pid]
        return Usage(cpu, memory, gpu.load, of_worker[0] if of_worker else None, held_by_others(gpu, pid))

    def _gpu(self, device: str, pid: int) -> GpuReading | None:
        """The GPU that a worker is on; None where it is on none, or the driver does not tell."""
        if not device.startswith("cuda"):
            return None
        try:
            return gpu_of(self._gpus.read(), device, settings.visible_gpus(), pid)
        except GpuTrouble:
            return None
