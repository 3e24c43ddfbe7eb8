"""Which devices there are to train on, without torch: a run on each at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress

from tp1tui import settings

CPU = "cpu"


def slots() -> tuple[str, ...]:
    """Every device, GPUs first: cuda:0, cuda:1, …, cpu."""
    return (*(f"cuda:{number}" for number in range(_gpus())), CPU)


def parts(device: str) -> tuple[str, ...]:
    """The devices that a run trains on together: one, or several as in cuda:0,cuda:1."""
    return tuple(device.split(","))


def wanted_slots(device: str, all_slots: tuple[str, ...]) -> tuple[str, ...]:
    """Devices of which a run takes any one.

    Args:
        device: As it was asked for: auto (any GPU, or the CPU where there is none), cpu, cuda (any GPU), cuda:N, or
            several of the last at once, as in cuda:0,cuda:1.
        all_slots: As `slots` gives them.
    """
    gpus = tuple(slot for slot in all_slots if slot != CPU)
    match device:
        case "auto":
            return gpus or (CPU,)
        case "cuda":
            return gpus or ("cuda:0",)  # the worker says that there is none
    return (device,)


def free_slot(device: str, all_slots: tuple[str, ...], taken: Collection[str]) -> str | None:
    """A device that a run may have now; None when it must wait.

    Args:
        device: As it was asked for.
        all_slots: As `slots` gives them.
        taken: Those with a run on them.
    """
    busy = parts_of(taken)
    return next((slot for slot in wanted_slots(device, all_slots) if busy.isdisjoint(parts(slot))), None)


def parts_of(devices: Iterable[str]) -> frozenset[str]:
    """All devices that these name."""
    return frozenset(part for device in devices for part in parts(device))


def told_to_worker(device: str, slot: str, all_slots: tuple[str, ...]) -> str:
    """The device that a worker is given, so that of several GPUs it takes the free one.

    Args:
        device: As it was asked for.
        slot: That is free for it.
        all_slots: As `slots` gives them.
    """
    several_gpus = len(all_slots) > 2
    return slot if several_gpus or device != "auto" else "auto"


def _gpus() -> int:
    """As torch will count them."""
    visible = settings.visible_gpus()
    if visible is not None:
        return len(visible)
    import pynvml

    with suppress(pynvml.NVMLError):
        pynvml.nvmlInit()
        try:
            return int(pynvml.nvmlDeviceGetCount())
        finally:
            pynvml.nvmlShutdown()
    return 0
