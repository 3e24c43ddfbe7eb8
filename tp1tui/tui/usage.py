"""What a worker takes of this machine: processor, memory, GPU."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tp1tui.journal.record import RunRecord
from tp1tui.tui.run.look import Usage

if TYPE_CHECKING:
    import psutil


class UsageMeter:
    """Measures one worker, from one call to the next. Not to be shared between threads."""

    def __init__(self) -> None:
        self._process: psutil.Process | None = None

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
        gpu, gpu_memory = _gpu(pid) if (record.device or "").startswith("cuda") else (None, None)
        return Usage(cpu, memory, gpu, gpu_memory)


def _gpu(pid: int) -> tuple[float | None, int | None]:
    """Load in percent and memory in bytes of the GPU that a process is on; None where the driver does not tell."""
    with suppress(Exception):  # no driver, no permission, another version: the screen can do without
        import pynvml

        pynvml.nvmlInit()
        try:
            for number in range(pynvml.nvmlDeviceGetCount()):
                handle = pynvml.nvmlDeviceGetHandleByIndex(number)
                for process in pynvml.nvmlDeviceGetComputeRunningProcesses(handle):
                    if process.pid == pid:
                        return _load(pynvml, handle), process.usedGpuMemory
        finally:
            pynvml.nvmlShutdown()
    return None, None


def _load(pynvml: Any, handle: Any) -> float:
    return float(pynvml.nvmlDeviceGetUtilizationRates(handle).gpu)
