"""Why a run ended badly, in a sentence that a person can act on."""

from __future__ import annotations

import errno

import torch

from tp1tui.data.errors import DatasetError
from tp1tui.engine.checkpoint import CheckpointError
from tp1tui.engine.device import DeviceError
from tp1tui.engine.muon import OptimizerError
from tp1tui.engine.timm_transformer import NetworkError
from tp1tui.journal.folder import RunFolderError
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError

TOLD = (DatasetError, CheckpointError, DeviceError, NetworkError, OptimizerError, RunFolderError, SpecError)
"""Errors whose text is a sentence already."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def reason_for(error: BaseException, experiment: Experiment | None) -> str:
    """A sentence about an error.

    Args:
        error: What ended the run.
        experiment: What was trained, once that was known.
    """
    if isinstance(error, TOLD):
        return str(error)
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or "DefaultCPUAllocator" in str(error):
        return _out_of_memory(experiment)
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return "The disk is full. Make room, then resume: the last checkpoint is whole."
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        return f"A file could not be used:{where} ({error.strerror or error})."
    return f"The worker met an error that it does not know: {type(error).__name__}: {error}. worker.log says where."


def _out_of_memory(experiment: Experiment | None) -> str:
    if experiment is None or experiment.batch_size == 1:
        return "There is not enough memory for this run."
    smaller = max(1, experiment.batch_size // 2)
    return (
        f"There is not enough memory for batches of {experiment.batch_size}. "
        f"Start it again with --set batch_size={smaller}."
    )
