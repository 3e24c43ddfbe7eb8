"""GPUs that are not there: what the driver's library answers, and who is on them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psutil
import pynvml
import pytest

GIB = 2**30


class FakeGpus:
    """Answers in the place of the driver. Change its attributes, and the next question gets another answer."""

    def __init__(self, patch: pytest.MonkeyPatch, count: int = 1) -> None:
        self.count = count
        self.load, self.memory, self.power, self.temperature = 93, 41 * GIB, 412_000, 64
        self.tenants: list[tuple[int, int | None]] = []
        """(process, bytes) on each GPU."""
        self.users: dict[int, tuple[str, str]] = {}
        """(user, program) by process; others cannot be seen."""
        self.mig = 0
        self.fails: dict[str, int] = {}
        """Error code by the name of a question."""
        self.opened = 0
        """How often the driver was opened and not closed."""
        answers = {
            "nvmlInit": lambda: self._count(1),
            "nvmlShutdown": lambda: self._count(-1),
            "nvmlDeviceGetCount": lambda: self.count,
            "nvmlDeviceGetHandleByIndex": lambda number: number,
            "nvmlDeviceGetUUID": lambda handle: f"GPU-{handle}abc",
            "nvmlDeviceGetName": lambda handle: "NVIDIA H100 80GB HBM3",
            "nvmlDeviceGetUtilizationRates": lambda handle: SimpleNamespace(gpu=self.load, memory=1),
            "nvmlDeviceGetMemoryInfo": lambda handle: SimpleNamespace(used=self.memory, total=80 * GIB),
            "nvmlDeviceGetPowerUsage": lambda handle: self.power,
            "nvmlDeviceGetEnforcedPowerLimit": lambda handle: 700_000,
            "nvmlDeviceGetTemperature": lambda handle, sensor: self.temperature,
            "nvmlDeviceGetMigMode": lambda handle: [self.mig, self.mig],
            "nvmlDeviceGetComputeRunningProcesses": lambda handle: [
                SimpleNamespace(pid=pid, usedGpuMemory=memory) for pid, memory in self.tenants
            ],
            "nvmlDeviceGetGraphicsRunningProcesses": lambda handle: [],
        }
        for name, answer in answers.items():
            patch.setattr(pynvml, name, self._told(name, answer))
        patch.setattr(psutil, "Process", self._process)

    def _told(self, name: str, answer: Any) -> Any:
        def told(*arguments: Any) -> Any:
            if name in self.fails:
                raise pynvml.NVMLError(self.fails[name])
            return answer(*arguments)

        return told

    def _count(self, by: int) -> None:
        self.opened += by

    def _process(self, pid: int) -> Any:
        if pid not in self.users:
            raise psutil.NoSuchProcess(pid)
        user, name = self.users[pid]
        return SimpleNamespace(
            pid=pid,
            username=lambda: user,
            name=lambda: name,
            cpu_percent=lambda: 50.0,
            memory_info=lambda: SimpleNamespace(rss=GIB),
        )
