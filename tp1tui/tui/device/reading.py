"""What a device does at one moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tenant:
    """A process that uses a GPU."""

    pid: int
    memory: int | None
    """Bytes on the GPU; None where the driver does not tell."""
    user: str
    """Empty where it cannot be seen: a process of root's, of another account's, or of another container."""
    name: str
    """Of the program; empty likewise."""


@dataclass(frozen=True)
class GpuReading:
    """One GPU. What the driver does not tell is None."""

    number: int
    """As the driver counts."""
    uuid: str
    name: str
    load: float | None = None
    """Percent of the time in which it was busy."""
    memory_used: int | None = None
    """Bytes, of all processes."""
    memory_total: int | None = None
    power: float | None = None
    """Watts."""
    power_limit: float | None = None
    temperature: float | None = None
    """Degrees Celsius."""
    tenants: tuple[Tenant, ...] = ()
    note: str = ""
    """Why something is missing, as a sentence."""


@dataclass(frozen=True)
class CpuReading:
    """The processor and the memory."""

    cores: tuple[float, ...]
    """Load of each, in percent."""
    memory_used: int
    """Bytes that no other program can have."""
    memory_total: int
    worker_load: float | None = None
    """Percent of all cores; None where there is no worker to be seen."""
    worker_memory: int | None = None
    """Bytes."""

    @property
    def load(self) -> float:
        """Of all cores together, in percent."""
        return sum(self.cores) / len(self.cores) if self.cores else 0.0


@dataclass(frozen=True)
class Seen:
    """The devices at one moment."""

    time: float
    """Seconds since 1970."""
    cpu: CpuReading
    gpus: tuple[GpuReading, ...] = ()
    trouble: str = ""
    """Why the GPUs cannot be seen, as a sentence; empty where they can, or were not asked for."""


def share(part: float | None, whole: float | None) -> float | None:
    """Percent that a part is of a whole, at most 100; None where either is not known."""
    return None if part is None or not whole else min(100.0, 100.0 * part / whole)
