"""Which devices there are to train on, without torch: a run on each at a time."""

from __future__ import annotations

from contextlib import suppress

from tp1tui import settings

CPU = "cpu"


def slots() -> tuple[str, ...]:
    """Every device, GPUs first: cuda:0, cuda:1, …, cpu."""
    return (*(f"cuda:{number}" for number in range(_gpus())), CPU)


def free_slot(device: str, all_slots: tuple[str, ...], taken: set[str]) -> str | None:
    """A device that a run may have now; None when it must wait.

    Args:
        device: As it was asked for: auto (any GPU, or the CPU where there is none), cpu, cuda (any GPU), cuda:N.
        all_slots: As `slots` gives them.
        taken: Those with a run on them.
    """
    gpus = [slot for slot in all_slots if slot != CPU]
    match device:
        case "auto":
            wanted = gpus or [CPU]
        case "cuda":
            wanted = gpus or ["cuda:0"]  # the worker says that there is none
        case _:
            wanted = [device]
    return next((slot for slot in wanted if slot not in taken), None)


def _gpus() -> int:
    """As torch will count them."""
    visible = settings.visible_gpus()
    if visible is not None:
        return visible
    import pynvml

    with suppress(pynvml.NVMLError):
        pynvml.nvmlInit()
        try:
            return int(pynvml.nvmlDeviceGetCount())
        finally:
            pynvml.nvmlShutdown()
    return 0
