"""What a GPU's error means for a person, and what to do about it.

Errors of CUDA are told late: by whatever asked the device next. After most of them the process can use the device no
more, so nothing here touches it; torch's sentence is all there is to go by.
"""

from __future__ import annotations

import re

_SIGNS = re.compile(r"CUDA|cuDNN|CUDNN|CUBLAS|cublas|CUSPARSE|CUFFT|NCCL|NVIDIA driver|device-side assert|NVML")
_MEANINGS = (
    (
        r"device-side assert",
        "A computation on the GPU met a number that it does not allow, such as a label outside the classes",
        "If it happens again, start with CUDA_LAUNCH_BLOCKING=1 set: worker.log then names the very line",
    ),
    (
        r"driver version is insufficient|driver on your system is too old|version mismatch|initialization error|"
        r"forward compatibility|unsupported display driver",
        "The NVIDIA driver does not fit this torch",
        "Update the driver or install a torch made for it; until then --device cpu trains without it",
    ),
    (
        r"no kernel image|invalid device function|not compatible with the current PyTorch",
        "This torch was not made for this kind of GPU",
        "Install a torch made for it; until then --device cpu trains without it",
    ),
    (
        r"busy or unavailable|exclusive|all CUDA-capable devices",
        "The GPU lets nobody else in: another process has it for itself",
        "Wait until that has ended, or choose another with --device",
    ),
    (
        r"GPU is lost|fallen off|no CUDA-capable device|device not ready|invalid device ordinal|uncorrectable|ECC|"
        r"hardware stack|peer access|system not yet initialized|unknown error",
        "The GPU is gone or broken",
        "nvidia-smi says whether it is there; a reboot often brings it back. --device chooses another",
    ),
    (
        r"illegal memory access|misaligned address|launch failure|illegal instruction|invalid program counter|"
        r"launch timed out",
        "A computation on the GPU went wrong",
        "If it happens again, the GPU or its driver may be faulty: try another with --device",
    ),
)  # fmt: skip
_ANY = ("The GPU reported an error", "If it happens again, try another with --device")


def is_device_fault(error: BaseException) -> bool:
    """Whether an error came from a GPU, its libraries or its driver."""
    return isinstance(error, RuntimeError) and bool(_SIGNS.search(str(error)))


def device_sentence(error: BaseException) -> str:
    """What happened to the GPU, that the run can go on, and what to do.

    Args:
        error: One that `is_device_fault`.
    """
    said = str(error).strip().partition("\n")[0].removesuffix(".")
    meaning = ((what, then) for pattern, what, then in _MEANINGS if re.search(pattern, said, re.IGNORECASE))
    what, then = next(meaning, _ANY)
    return f"{what} ({said}). All up to the last checkpoint is safe, and the run can be resumed from there. {then}."
