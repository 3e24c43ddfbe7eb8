"""GPUs, through the driver's own library. Whatever it cannot tell becomes a sentence, never an error that is met."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from tp1tui.spec.steering import without_steering
from tp1tui.tui.device.reading import GpuReading, Tenant

_MIG = "It is cut into MIG slices, so the driver tells no load of the whole."
_SENTENCES = {
    "UNINITIALIZED": "The NVIDIA driver has gone away; it is asked again.",
    "LIBRARY_NOT_FOUND": "There is no NVIDIA driver on this machine, so no GPU can be seen.",
    "DRIVER_NOT_LOADED": "The NVIDIA driver is installed but not loaded, so no GPU can be seen.",
    "NO_PERMISSION": "The NVIDIA driver does not let this account look at its GPUs.",
    "LIB_RM_VERSION_MISMATCH": "The NVIDIA driver was updated meanwhile; after a restart its GPUs can be seen again.",
    "GPU_IS_LOST": "The NVIDIA driver has lost a GPU; a restart of the machine may bring it back.",
}


class GpuTrouble(Exception):  # noqa: N818 - what the machine lacks, not an error of the program's
    """The GPUs cannot be seen. Its text is a sentence."""


class Gpus:
    """Reads the GPUs again and again. Not for two threads at once."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self._pynvml: Any = None

    def read(self) -> tuple[GpuReading, ...]:
        """Every GPU as it is now. After trouble, the next call begins anew.

        Raises:
            GpuTrouble: No driver, or one that does not answer.
        """
        try:
            import pynvml
        except ImportError:
            raise GpuTrouble("The library nvidia-ml-py is not installed, so no GPU can be seen.") from None
        try:
            if self._pynvml is None:
                pynvml.nvmlInit()
                self._pynvml = pynvml
            return tuple(_read(pynvml, number) for number in range(int(pynvml.nvmlDeviceGetCount())))
        except Exception as error:  # the library is the driver's, of whatever version
            self.close()
            raise GpuTrouble(_sentence(pynvml, error)) from None

    def close(self) -> None:
        """Let go of the driver."""
        if self._pynvml is not None:
            with suppress(Exception):
                self._pynvml.nvmlShutdown()
            self._pynvml = None


def _read(pynvml: Any, number: int) -> GpuReading:
    try:
        handle = pynvml.nvmlDeviceGetHandleByIndex(number)
        uuid = _text(pynvml.nvmlDeviceGetUUID(handle))
    except pynvml.NVMLError as error:  # one that is lost takes nothing from the others
        return GpuReading(number, "", f"GPU {number}", note=_sentence(pynvml, error))

    def told(call: Callable[..., Any], *arguments: Any) -> Any:
        """What one question gives; None where this GPU, or this account, gets no answer."""
        with suppress(pynvml.NVMLError):
            return call(handle, *arguments)
        return None

    use, memory = told(pynvml.nvmlDeviceGetUtilizationRates), told(pynvml.nvmlDeviceGetMemoryInfo)
    power, limit = told(pynvml.nvmlDeviceGetPowerUsage), told(pynvml.nvmlDeviceGetEnforcedPowerLimit)
    temperature = told(pynvml.nvmlDeviceGetTemperature, pynvml.NVML_TEMPERATURE_GPU)
    mig = told(pynvml.nvmlDeviceGetMigMode)
    return GpuReading(
        number,
        uuid,
        _text(told(pynvml.nvmlDeviceGetName) or f"GPU {number}"),
        load=float(use.gpu) if use else None,
        memory_used=int(memory.used) if memory else None,
        memory_total=int(memory.total) if memory else None,
        power=power / 1000 if power is not None else None,
        power_limit=limit / 1000 if limit is not None else None,
        temperature=float(temperature) if temperature is not None else None,
        tenants=tuple(_tenants(pynvml, told)),
        note=_MIG if mig and mig[0] else "",
    )


def _tenants(pynvml: Any, told: Callable[..., Any]) -> Iterator[Tenant]:
    """Every process on a GPU once, though it may both compute and draw."""
    met: set[int] = set()
    for question in (pynvml.nvmlDeviceGetComputeRunningProcesses, pynvml.nvmlDeviceGetGraphicsRunningProcesses):
        for process in told(question) or ():
            if process.pid not in met:
                met.add(process.pid)
                yield Tenant(process.pid, process.usedGpuMemory, *_who(process.pid))


def _who(pid: int) -> tuple[str, str]:
    """User and program of a process; empty where this account may not see them, or it is another container's."""
    import psutil

    user = name = ""
    with suppress(psutil.Error, OSError, KeyError):
        process = psutil.Process(pid)
        name = without_steering(process.name())  # which a program gives itself
        user = without_steering(process.username())
    return user, name


def _text(words: str | bytes) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _sentence(pynvml: Any, error: Exception) -> str:
    code = getattr(error, "value", None)
    for name, sentence in _SENTENCES.items():
        if code is not None and code == getattr(pynvml, f"NVML_ERROR_{name}", None):
            return sentence
    return f"The NVIDIA driver does not tell how its GPUs do ({error})."
