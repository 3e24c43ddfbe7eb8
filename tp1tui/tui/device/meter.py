"""Sampling the devices, in a thread of whoever looks, and keeping the last minutes."""

from __future__ import annotations

from tp1tui.tui.device.history import History
from tp1tui.tui.device.host import Host
from tp1tui.tui.device.nvml import Gpus, GpuTrouble
from tp1tui.tui.device.reading import GpuReading, Seen, share


class DeviceMeter:
    """Samples the devices of this machine when it is told to. Not for two threads at once."""

    def __init__(self) -> None:
        """Look at nothing yet."""
        self.history = History()
        self.seen: Seen | None = None
        """What was last seen."""
        self._host, self._gpus = Host(), Gpus()

    def sample(self, now: float, pid: int | None = None) -> None:
        """Look at processor, memory and GPUs.

        Args:
            now: Seconds since 1970.
            pid: Of a worker on this machine whose share is wanted.
        """
        cpu = self._host.read(pid)
        gpus: tuple[GpuReading, ...] = ()
        trouble = ""
        try:
            gpus = self._gpus.read()
        except GpuTrouble as error:
            trouble = str(error)
        figures: dict[str, float | None] = {
            "cpu load": cpu.load,
            "cpu worker": cpu.worker_load,
            "cpu memory": share(cpu.memory_used, cpu.memory_total),
            "cpu worker memory": share(cpu.worker_memory, cpu.memory_total),
        }
        for gpu in gpus:
            figures[f"{gpu.number} load"] = gpu.load
            figures[f"{gpu.number} memory"] = share(gpu.memory_used, gpu.memory_total)
            figures[f"{gpu.number} power"] = share(gpu.power, gpu.power_limit)
            figures[f"{gpu.number} temperature"] = gpu.temperature
        self.history.add(now, figures)
        self.seen = Seen(now, cpu, gpus, trouble)

    def close(self) -> None:
        """Let go of the driver."""
        self._gpus.close()
