"""Devices by name, and how each is set up for training."""

from __future__ import annotations

import ctypes
import platform
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import torch

from tp1tui.spec.arithmetic import total_multiply_adds
from tp1tui.spec.experiment import Experiment

WORTH_A_THREAD = 200_000
"""Multiply-adds of a batch's forward pass, from which a second thread helps: some tens of microseconds of work."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of malloc.h."""
BF16_INSTRUCTIONS = ("avx512_bf16", "amx_bf16", "avx_ne_convert", "bf16", "sve_bf16")
"""As `torch.cpu.get_capabilities` names them: three of x86 processors, two of ARM's."""


class DeviceError(Exception):
    """A device that is not there. Its text says which are."""


def resolve(name: str) -> torch.device:
    """A device from what a person wrote.

    Args:
        name: auto (the first GPU when there is one, else the CPU), cpu, cuda or cuda:N.

    Raises:
        DeviceError: It is not there.
    """
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name == "auto":
        return torch.device("cuda:0" if count else "cpu")
    if name == "cpu":
        return torch.device("cpu")
    if "," in name:
        raise DeviceError(f"--device {name}: this takes one device. Name one of them.")
    if not count:
        raise DeviceError(f"--device {name}: torch finds no GPU here. Use --device cpu or --device auto.")
    number = int(name.partition(":")[2] or 0)
    if number >= count:
        here = ", ".join(f"cuda:{index}" for index in range(count))
        raise DeviceError(f"--device {name}: there is no such GPU here. There are: {here}, and cpu.")
    return torch.device("cuda", number)


def configure(device: torch.device, experiment: Experiment) -> None:
    """Set this process up for training.

    Products are in TF32 unless the experiment wants all of fp32. On a CPU freed memory is kept, and numbers too small
    for float32's usual form count as 0.

    On a CPU, networks as small as those of the circles get one thread. torch splits even a softmax over two points
    among all threads, and on a busy machine each such split waits until the last of them has its turn: milliseconds
    for a step that takes less than a tenth of one.
    """
    if device.type == "cpu":
        _keep_memory()
        # Momenta of weights that get no gradient any more shrink to numbers that a CPU multiplies many times slower,
        # and stay there: some never round to 0.
        torch.set_flush_denormal(True)
        if total_multiply_adds(experiment.layer_table()) * experiment.batch_size < WORTH_A_THREAD:
            torch.set_num_threads(1)
    else:
        warnings.filterwarnings("ignore", message="Please use the new API settings")  # torch 2.9, of TF32
        _set_products(exact=experiment.precision == "fp32")
        torch.backends.cudnn.benchmark = True  # batches of a run have two or three sizes, each tried once
        torch.cuda.set_device(device)
        # Steps are done operation by operation, too: before they are recorded, and where they cannot be.
        warnings.filterwarnings("ignore", message="This instance was constructed with capturable=True")


def _set_products(*, exact: bool) -> None:
    """How a GPU multiplies float32: with all of its 23 bits, or with 10 of them and many times as fast (TF32).

    These are the older names of torch's switches, which set the newer ones, too. Set by the newer ones alone, the older
    cannot even be read any more, and parts of torch's compiler read them.
    """
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = not exact


def precision(experiment: Experiment, device: torch.device) -> AbstractContextManager[None]:
    """Around every forward pass: mixed precision when the experiment asks for bf16."""
    if experiment.precision == "bf16":
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return nullcontext()


def drawback(experiment: Experiment, device: torch.device) -> str | None:
    """What makes the precision that an experiment asks for a bad choice on a device; None where nothing is known.

    Without instructions for bf16 a CPU converts to float32 and back. Steps of cd18 took about half as long as in fp32
    on one that has them, three times as long when oneDNN was held to AVX-512 without them, and twelve times with AVX2.
    """
    if experiment.precision == "bf16" and device.type == "cpu" and _lacks_bf16():
        return (
            "This processor has no instructions for bf16, so steps take longer than in fp32, often several times as "
            "long: start the run again with --set precision=fp32."
        )
    return None


def _lacks_bf16() -> bool:
    """Whether torch knows of this kind of processor's bf16 instructions, and that this one has none of them."""
    ask: Callable[[], Mapping[str, object]] | None = getattr(torch.cpu, "get_capabilities", None)  # since torch 2.11
    found = ask() if ask else {}
    known = [found[name] for name in BF16_INSTRUCTIONS if name in found]
    return bool(known) and not any(known)


def seed_draws(device: torch.device, seed: int) -> None:
    """Seed what dropout draws from: torch's own generator and the device's.

    So does torch.manual_seed, but for every kind of device there could be; and for each GPU that is not in use it keeps
    a stack trace at every call, which takes longer than several steps of a small network.
    """
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed_all(seed)


def describe(device: torch.device) -> str:
    """The device as its maker calls it."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return _cpu_name() or platform.processor() or platform.machine()


KEPT_AT_ONCE = 32 << 20
"""Bytes; the most that the C library lets blocks have that are kept."""
KEPT_IN_ALL = (1 << 31) - 1


def _keep_memory() -> None:
    """Let freed activations stay with the process.

    The C library gives large blocks back to the system when they are freed, so each step of a convnet would fault
    thousands of pages in again. Elsewhere than on glibc there is nothing to set, and nothing is.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, KEPT_AT_ONCE)
        mallopt(M_TRIM_THRESHOLD, KEPT_IN_ALL)


def _cpu_name() -> str | None:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)
