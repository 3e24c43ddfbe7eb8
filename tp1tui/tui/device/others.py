"""Which GPU a run is on, and who else is."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence

from tp1tui.spec.numbers import size
from tp1tui.tui.device.reading import GpuReading, Tenant


def gpu_of(
    gpus: Sequence[GpuReading], device: str, visible: Sequence[str] | None, pid: int | None
) -> GpuReading | None:
    """The GPU that a run is on; None where it is not to be found.

    Args:
        gpus: As the driver counts them.
        device: As torch counts: cuda or cuda:N.
        visible: What CUDA_VISIBLE_DEVICES lets torch count, as numbers or UUIDs; None where it says nothing.
        pid: Of the run's worker, which the driver may list.
    """
    for gpu in gpus:
        if pid is not None and any(tenant.pid == pid for tenant in gpu.tenants):
            return gpu
    number = int(device.partition(":")[2] or 0)
    if visible is None:
        return next((gpu for gpu in gpus if gpu.number == number), None)
    wanted = visible[number] if number < len(visible) else ""
    if wanted.isdecimal():
        return next((gpu for gpu in gpus if gpu.number == int(wanted)), None)
    return next((gpu for gpu in gpus if wanted and gpu.uuid.startswith(wanted)), None)


def is_others(tenant: Tenant, me: str) -> bool:
    """Whether a process is another user's; one whose user cannot be seen is not known to be."""
    return bool(tenant.user) and tenant.user != me


def held_by_others(gpu: GpuReading, pid: int | None = None) -> str:
    """A sentence on the processes of other users on a GPU; empty where there are none.

    Those whose user cannot be seen count where they are surely not ours: while nothing of ours runs there, or where
    our worker is listed with its number. In a container of its own, our worker has another number for the driver.

    Args:
        gpu: The GPU.
        pid: Of our worker there; None while there is none.
    """
    me = this_user()
    others = [tenant for tenant in gpu.tenants if is_others(tenant, me)]
    if pid is None or any(tenant.pid == pid for tenant in gpu.tenants):
        others += [tenant for tenant in gpu.tenants if not tenant.user and tenant.pid != pid]
    if not others:
        return ""
    users = list(dict.fromkeys(tenant.user or "somebody who cannot be seen from here" for tenant in others))
    many = f"{len(others)} processes" if len(others) > 1 else "a process"
    known = [tenant.memory for tenant in others if tenant.memory is not None]
    memory = f" with {size(sum(known))}" if known else ""
    who = " and ".join(users)
    return f"GPU {gpu.number} is in use by {who}: {many}{memory}. Training may be slow, or find no room."


def this_user() -> str:
    """This account's name; its number where it has none, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
