"""Why a run ended badly, in a sentence that a person can act on. Nothing here asks the device, which may be broken."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

import torch

import tp1tui
from tp1tui.data.errors import DatasetError
from tp1tui.engine import evaluate
from tp1tui.engine.checkpoint import CheckpointError
from tp1tui.engine.device import DeviceError
from tp1tui.engine.muon import OptimizerError
from tp1tui.engine.team import MateLost
from tp1tui.engine.timm_transformer import NetworkError
from tp1tui.journal.folder import RunFolderError
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError
from tp1tui.spec.numbers import size
from tp1tui.worker.device_faults import device_sentence, is_device_fault
from tp1tui.worker.memory import Shortage, batch_that_fits

TOLD = (DatasetError, CheckpointError, DeviceError, MateLost, NetworkError, OptimizerError, RunFolderError, SpecError)
"""Errors whose text is a sentence already."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_MEMORY = ("DefaultCPUAllocator", "CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "bad_alloc")
"""What torch says of memory in errors of other kinds."""
_HOME = Path(tp1tui.__file__).parent


def reason_for(error: BaseException, experiment: Experiment | None) -> str:
    """A sentence about an error.

    Args:
        error: What ended the run.
        experiment: What was trained, once that was known.
    """
    if isinstance(error, TOLD):
        return str(error)
    if is_out_of_memory(error):
        return _out_of_memory(error, experiment)
    if is_device_fault(error):
        return device_sentence(error)
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return "The disk is full. Make room, then resume: the last checkpoint is whole."
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        return f"A file could not be used:{where} ({error.strerror or error})."
    return f"The worker met an error that it does not know: {described(error)}. worker.log says more."


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a device, or the machine, had no room for something."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(said in str(error) for said in _NO_MEMORY)


def described(error: BaseException) -> str:
    """An error by its kind, its message and where it came from: `ValueError: too many (tp1tui/engine/loop.py:71)`."""
    message = str(error).strip()
    kind = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return f"{kind} ({where})" if (where := place_of(error)) else kind


def place_of(error: BaseException) -> str:
    """File and line where an error left this program's own code; empty where it never was in it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_HOME)]
    if not ours:
        return ""
    return f"{Path(ours[-1].filename).relative_to(_HOME.parent)}:{ours[-1].lineno}"


def _out_of_memory(error: BaseException, experiment: Experiment | None) -> str:
    shortage = Shortage.read(str(error))
    told = "There is not enough memory"
    if shortage is not None:
        told = f"{told} on the GPU ({size(shortage.room)} of {size(shortage.capacity)} can be had)"
    if experiment is None:
        return f"{told} for this run."
    if _was_measuring(error):
        return f"{told} to measure the network. Choose another device with --device, or a smaller network."
    others = ""
    if shortage is not None and shortage.held_by_others > shortage.capacity // 10:
        others = " Or wait for the other processes on it: 7 shows them, and r resumes from the last checkpoint."
    fits = batch_that_fits(experiment, shortage)
    if fits is None:
        return f"{told}, not even for one example at a time. Choose another device with --device.{others}"
    return (
        f"{told} for batches of {experiment.batch_size}. "
        f"Batches of {fits} should fit: start it again with --set batch_size={fits}.{others}"
    )


def _was_measuring(error: BaseException) -> bool:
    """Whether it happened during an evaluation, whose batches have a size of their own."""
    return any(frame.filename == evaluate.__file__ for frame in traceback.extract_tb(error.__traceback__))
