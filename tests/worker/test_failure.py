"""Whatever a worker meets ends in its journal: what kind of error, what it says, where it was, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.cli.calls import answer
from tests.worker.conftest import spec_of
from tests.worker.test_memory import SAID
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import RunLock
from tp1tui.worker.device_faults import device_sentence, is_device_fault
from tp1tui.worker.failure import reason_for
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.main import work
from tp1tui.worker.room import PatientJournal

pytestmark = pytest.mark.chaos


CUDA = (
    "CUDA error: device-side assert triggered",
    "CUDA error: an illegal memory access was encountered",
    "CUDA error: unspecified launch failure",
    "CUDA error: uncorrectable ECC error encountered",
    "CUDA error: GPU is lost",
    "CUDA error: all CUDA-capable devices are busy or unavailable",
    "CUDA error: no kernel image is available for execution on the device",
    "CUDA error: CUDA driver version is insufficient for CUDA runtime version",
    "CUDA error: forward compatibility was attempted on non supported HW",
    "CUDA error: unknown error",
    "CUDA error: something that no one has met yet",
    "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
    "cuDNN error: CUDNN_STATUS_NOT_INITIALIZED",
    "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(handle)`",
    "The NVIDIA driver on your system is too old (found version 11040).",
)
LATE = (
    "\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be "
    "incorrect.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1\n"
)
PLACES = {
    "training": "tp1tui.engine.meter.Meter.add",
    "evaluation": "tp1tui.engine.execution.evaluate",
    "checkpoint": "tp1tui.worker.session.checkpoint.save",
    "preparation": "tp1tui.worker.prepare.load",
    "looking": "tp1tui.worker.live.Live.look",
    "finding signs": "tp1tui.worker.lookout.Lookout.after_epoch",
}
ERRORS = (
    ValueError("the numbers do not add up"),
    KeyError("weights"),
    MemoryError(),
    RecursionError("maximum recursion depth exceeded"),
    AssertionError(),
    OSError(5, "Input/output error"),
    RuntimeError("mat1 and mat2 shapes cannot be multiplied (128x64 and 32x10)"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    RuntimeError("\x1b[2J half a \udcff character"),
    torch.OutOfMemoryError(SAID),
    RuntimeError(CUDA[0] + LATE),
    torch.AcceleratorError(CUDA[1] + LATE),
)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    spec = spec_of("ab2.4", "epochs=2")
    return RunFolder.create(tmp_path / "runs", spec, datetime.now(UTC))


def worked(folder: RunFolder) -> int:
    """What a worker does with a run that it holds."""
    inbox = Inbox(folder)
    with RunLock(folder), PatientJournal(folder, inbox) as journal:
        return work(folder, journal, "cpu", inbox)


def no_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every call to a GPU fail the test: a broken one does not answer."""

    def call(*_: object, **__: object) -> None:
        pytest.fail("the device was asked while the run failed")

    for name in ("synchronize", "empty_cache", "mem_get_info", "memory_stats", "memory_allocated", "current_device"):
        monkeypatch.setattr(torch.cuda, name, call)


def raising(monkeypatch: pytest.MonkeyPatch, place: str, error: Exception) -> None:
    """Let a place in the program raise an error from now on, and the device not answer any more."""

    def fail(*_: object, **__: object) -> Any:
        no_device(monkeypatch)
        raise error

    monkeypatch.setattr(place, fail)


@pytest.mark.parametrize("place", PLACES)
def test_an_error_anywhere_is_journaled_with_kind_message_and_place(
    folder: RunFolder,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    for error in ERRORS:
        with monkeypatch.context() as patched:
            raising(patched, PLACES[place], error)
            assert worked(folder) == 1
        follower = Follower(folder)
        assert follower.state() == "failed"
        failed = follower.record.failed
        assert failed is not None
        assert failed.reason.endswith(".")
        assert type(error).__name__ in failed.details
        assert "line " in failed.details
        assert "\x1b" not in failed.reason + failed.details
        if failed.reason.startswith("The worker met an error that it does not know"):
            assert f"{type(error).__name__}" in failed.reason
            assert "tp1tui/" in failed.reason
        shown = " ".join(answer("show", folder.id, "--runs-dir", folder.path.parent).split())
        assert " ".join(failed.reason.split()) in shown
        assert type(error).__name__ in shown
    assert worked(folder) == 0
    assert Follower(folder).state() == "finished"
    record_property("errors", len(ERRORS))


@pytest.mark.parametrize("said", CUDA)
def test_a_fault_of_the_gpu_says_what_it_is_that_nothing_is_lost_and_what_to_do(
    said: str, record_property: Callable[[str, object], None]
) -> None:
    for error in (RuntimeError(said + LATE), torch.AcceleratorError(said)):
        assert is_device_fault(error)
        sentence = reason_for(error, None)
        assert said.removesuffix(".") in sentence
        assert "can be resumed" in sentence
        assert "asynchronously" not in sentence
        assert sentence.endswith(".")
        record_property("messages", 1)


def test_each_fault_of_the_gpu_has_its_own_remedy() -> None:
    sentences = [device_sentence(RuntimeError(said)) for said in CUDA]
    assert "CUDA_LAUNCH_BLOCKING=1" in sentences[0]
    assert "nvidia-smi" in sentences[4]
    assert "another process" in sentences[5]
    assert "install a torch" in sentences[7]


def test_a_gpu_without_room_names_the_batch_size_that_would_fit() -> None:
    experiment = spec_of("digits", "batch_size=1024").experiment
    reason = reason_for(torch.OutOfMemoryError(SAID), experiment)
    assert reason.startswith(
        "There is not enough memory on the GPU (7.25 GB of 10.7 GB can be had) for batches of 1024."
    )
    assert "Batches of 512 should fit: start it again with --set batch_size=512." in reason
    assert "wait for the other processes" in reason


def test_memory_that_was_wanted_to_measure_is_not_blamed_on_the_batch_size(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising(monkeypatch, "tp1tui.engine.evaluate.Totals", torch.OutOfMemoryError(SAID))
    assert worked(folder) == 1
    failed = follower_of(folder).record.failed
    assert failed is not None
    assert "to measure the network" in failed.reason
    assert "batch_size" not in failed.reason


def test_a_torch_that_cannot_be_imported_is_journaled(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tp1tui.worker.prepare", None)
    assert worked(folder) == 1
    failed = follower_of(folder).record.failed
    assert failed is not None
    assert "torch cannot be used here" in failed.reason


def follower_of(folder: RunFolder) -> Follower:
    follower = Follower(folder)
    follower.poll()
    return follower
