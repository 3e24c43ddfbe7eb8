"""What a person may write for a device. Free of torch, which alone knows whether it is there."""

from __future__ import annotations

import re

from tp1tui.worker.slots import parts
from tp1tui.worker.spawning import LaunchError

_GPU = r"cuda:(?:0|[1-9]\d{0,2})"


class UnknownDevice(LaunchError):  # noqa: N818 - what a person did, not an error of the program's
    """A name that stands for no device. Its text says which do."""


def check_device(name: str) -> str:
    """The name of a device, or of several that are to share a run, as written; whether they are there a worker says.

    Raises:
        UnknownDevice: It is no device's name.
    """
    if re.fullmatch(rf"auto|cpu|cuda|{_GPU}|cpu(,cpu)+", name):
        return name
    gpus = parts(name)
    if re.fullmatch(rf"{_GPU}(,{_GPU})+", name) and len(set(gpus)) == len(gpus):
        return name
    told = "Allowed: auto, cpu, cuda, cuda:0, cuda:1, …, and GPUs that share each batch, as in cuda:0,cuda:1."
    raise UnknownDevice(f"There is no device {name!r}. {told}")
