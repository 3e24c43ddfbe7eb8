"""Steps recorded as CUDA graphs against the same steps operation by operation, and with compiled networks.

Each way trains the same network on the same images from the same seed, evaluation included, as a worker drives it.
The losses of the last epoch stand beside the times, so that it is seen whether all ways compute the same; a compiled
network's dropout draws other numbers. About three minutes on an H200, most of which the compiler takes.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from itertools import product
from statistics import median
from time import perf_counter

import torch
from torch import Tensor, nn

from benchmarks.noise import TEST, noise
from benchmarks.peers.watch import device_bytes
from benchmarks.report import Report
from benchmarks.timing import wait
from tp1tui import settings
from tp1tui.data.arrays import Examples
from tp1tui.engine.device import DeviceError, configure, describe, resolve
from tp1tui.engine.execution import Eager
from tp1tui.engine.implementations import TorchOptim
from tp1tui.engine.loop import EpochMeasured, EpochTrained, StepDone, train
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.preset_files import PresetLibrary

PRESETS = ("cd18-baseline", "cd22-crop-mirror", "cd34-batchnorm")
PRECISIONS = ("tf32", "bf16")
COMPILED = {("cd18-baseline", "tf32"), ("cd34-batchnorm", "tf32")}
"""Presets and precisions that are compiled, too: each takes half a minute and more."""
EPOCHS = 12
"""Of which the first few are rehearsals in part."""
STEADY = 6
"""The last epochs, which are timed."""
MIB = 2**20


def measure(epochs: int = EPOCHS, examples: Examples | None = None, device_name: str = "cuda") -> Report:
    """A row for each preset, precision and way.

    Args:
        epochs: Of each training.
        examples: What is trained on; None for noise of CIFAR-10's size.
        device_name: Where.
    """
    try:
        device = resolve(device_name)
    except DeviceError as error:
        report = Report("steps recorded as a whole")
        report.add("nothing", f"{error} Only a GPU's steps are recorded.")
        return report
    steady = min(STEADY, epochs)
    report = Report(
        f"steps recorded as a whole on {describe(device)} (medians of the last {steady} of {epochs} epochs)"
    )
    library = PresetLibrary(settings.preset_dirs())
    images = examples or noise(TEST)
    for preset, precision, way in _rows():
        loaded = library.load(library.find(preset)).experiment
        experiment = with_changes(loaded, [f"epochs={epochs}", f"precision={precision}"])
        configure(device, experiment)
        training = Training(experiment, images, device)
        WAYS[way](training)
        report.add(f"{preset} {precision} {way}", _timed_if_it_can_be(training))
    return report


def _rows() -> Iterator[tuple[str, str, str]]:
    """Preset, precision and way of each row; what is compiled comes last, since it takes longest."""
    every = list(product(PRESETS, PRECISIONS, WAYS))
    yield from (row for row in every if "compiled" not in row[2])
    yield from (row for row in every if "compiled" in row[2] and row[:2] in COMPILED)


def _operation_by_operation(training: Training) -> None:
    training.execution = Eager(training)


def _recorded(training: Training) -> None:
    """As it is."""


def _compiled_and_recorded(training: Training) -> None:
    torch.compiler.reset()  # it gives up on code that it has compiled for too many networks
    training.model.compile()


def _compiled_and_recorded_by_torch(training: Training) -> None:
    torch.compiler.reset()
    training.execution = Eager(training)
    training.model = Kept(training.model)
    if isinstance(training.implementation, TorchOptim):
        training.implementation.network = training.model


class Kept(nn.Module):
    """A network compiled with CUDA graphs of torch's own, whose answers are kept: the next ones overwrite them."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        network.compile(mode="reduce-overhead")

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits [B, K]."""
        torch.compiler.cudagraph_mark_step_begin()
        logits: Tensor = self.network(inputs)
        return logits.clone()


WAYS: dict[str, Callable[[Training], None]] = {
    "operation by operation": _operation_by_operation,
    "recorded": _recorded,
    "compiled and recorded": _compiled_and_recorded,
    "compiled, recorded by torch": _compiled_and_recorded_by_torch,
}


def _timed_if_it_can_be(training: Training) -> str:
    """Train, and tell what it took, or why it could not: one way must not keep the others from being measured."""
    try:
        return _timed(training)
    except Exception as error:  # a compiler can fail in any way
        return f"failed: {type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"


def _timed(training: Training) -> str:
    gc.collect()  # the training before, whose recordings hold memory
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    wait()
    began = perf_counter()
    first_step, epoch_began, loss = 0.0, began, 0.0
    training_seconds, epochs = [], []
    for event in train(training):
        match event:
            case StepDone(step=1):
                wait()
                first_step = perf_counter() - began
            case EpochTrained():
                training.meter.fetch()
                training_seconds.append(perf_counter() - epoch_began)
            case EpochMeasured():
                epochs.append(perf_counter() - epoch_began)
                epoch_began, loss = perf_counter(), event.train.loss
    notices = f", {training.notices[0]}" if training.notices else ""
    return (
        f"{len(training.data.train) / median(training_seconds[-STEADY:]):,.0f} images/s, "
        f"{median(epochs[-STEADY:]):.3f} s an epoch, first step after {first_step:.2f} s, "
        f"all after {perf_counter() - began:.1f} s, {device_bytes() / MIB:,.0f} MiB, loss {loss:.4f}{notices}"
    )
