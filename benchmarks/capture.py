"""Steps recorded as CUDA graphs against the same steps operation by operation, and with a compiled network.

Each way trains the same network on the same images from the same seed, evaluation included, as a worker drives it.
The losses of the last epoch stand beside the times, so that it is seen whether all ways compute the same.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch

from benchmarks.noise import TRAIN, noise
from benchmarks.report import Report
from benchmarks.timing import wait
from tp1tui import settings
from tp1tui.engine.device import configure, describe, resolve
from tp1tui.engine.execution import Eager
from tp1tui.engine.loop import EpochMeasured, EpochTrained, StepDone, train
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.preset_files import PresetLibrary

PRESETS = ("cd18-baseline", "cd22-crop-mirror", "cd34-batchnorm")
PRECISIONS = ("tf32", "bf16")
EPOCHS = 12
"""Of which the first few are rehearsals in part."""
STEADY = 6
"""The last epochs, which are timed."""
TEST = 10_000
MIB = 2**20


def measure() -> Report:
    """A row for each preset, precision and way."""
    device = resolve("auto")
    if device.type != "cuda":
        report = Report("steps recorded as a whole")
        report.add("nothing", "torch finds no GPU here, and only a GPU's steps are recorded")
        return report
    report = Report(
        f"steps recorded as a whole on {describe(device)} (medians of the last {STEADY} of {EPOCHS} epochs)"
    )
    library = PresetLibrary(settings.preset_dirs())
    for preset in PRESETS:
        for precision in PRECISIONS:
            loaded = library.load(library.find(preset)).experiment
            experiment = with_changes(loaded, [f"epochs={EPOCHS}", f"precision={precision}"])
            for way, prepare in WAYS.items():
                configure(device, experiment)
                training = Training(experiment, noise(TEST), device)
                prepare(training)
                report.add(f"{preset} {precision} {way}", _timed(training))
    return report


def _operation_by_operation(training: Training) -> None:
    training.execution = Eager(training)


def _recorded(training: Training) -> None:
    """As it is."""


def _compiled_and_recorded(training: Training) -> None:
    training.model.compile()


WAYS: dict[str, Callable[[Training], None]] = {
    "operation by operation": _operation_by_operation,
    "recorded": _recorded,
    "compiled and recorded": _compiled_and_recorded,
}


def _timed(training: Training) -> str:
    """Train, and tell what it took."""
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
    held = torch.cuda.max_memory_allocated() / MIB
    notices = f", {training.notices[0]}" if training.notices else ""
    return (
        f"{TRAIN / median(training_seconds[-STEADY:]):,.0f} images/s, {median(epochs[-STEADY:]):.3f} s an epoch, "
        f"first step after {first_step:.2f} s, all after {perf_counter() - began:.1f} s, "
        f"{held:,.0f} MiB, loss {loss:.4f}{notices}"
    )
