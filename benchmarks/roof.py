"""The roof: how fast the device multiplies matrices and convolves, and what share of the faster a training reaches.

A convolution is a product of matrices, too, by a library that on some processors is better at it. A multiply-add is two
operations. A step does those of a forward pass three times: forward, for the gradient by the inputs of each layer, and
for the one by its weights. Whatever else a step does takes time and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import functional as F

from benchmarks.bare_step import rates
from benchmarks.report import Report
from benchmarks.timing import seconds_a_step
from tp1tui import settings
from tp1tui.engine.device import configure, describe, resolve
from tp1tui.spec.arithmetic import total_multiply_adds
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.preset_files import PresetLibrary

PRESETS = ("cd18-baseline", "cd34-batchnorm")
PRECISIONS = {"cpu": ("fp32",), "cuda": ("fp32", "tf32", "bf16")}
"""What the device multiplies in; few CPUs have instructions for bf16, and without them a step takes minutes."""
SIDE = {"cpu": 2048, "cuda": 8192}
"""Of the square matrices: large enough for the device's best."""
SECONDS = 1.0
"""Of each product's timing, and of each training's rounds."""
ROUNDS = 3
CHANNELS, PIXELS, KERNEL, IMAGES = 64, 16, 5, 128
"""Of the convolution: as the second of the subject's network has them, from as many channels as it has filters."""
OPERATIONS = 2
"""In a multiply-add."""
PASSES = 3
"""In a step."""
GIGA = 1e9


def measure() -> Report:
    """A row for each precision, and below it the share that each preset reaches."""
    device = resolve("auto")
    report = Report(f"the roof of {describe(device)} (gigaflop/s)")
    library = PresetLibrary(settings.preset_dirs())
    for precision in PRECISIONS[device.type]:
        for preset in PRESETS:
            loaded = library.load(library.find(preset)).experiment
            experiment = with_changes(loaded, ["epochs=100000", f"precision={precision}"])
            configure(device, experiment)
            if preset == PRESETS[0]:
                roof = _roof(report, precision, device)
            reached = step_operations(experiment) * rates(experiment, ROUNDS, SECONDS)[0]
            report.add(f"{precision} {preset}", f"{reached / GIGA:,.0f}, {100 * reached / roof:.1f} % of the roof")
    return report


def _roof(report: Report, precision: str, device: torch.device) -> float:
    """The faster of the two."""
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    product, convolution = product_rate(device, dtype), convolution_rate(device, dtype)
    report.add(f"{precision} product of matrices", f"{product / GIGA:,.0f}")
    report.add(f"{precision} convolution", f"{convolution / GIGA:,.0f}")
    return max(product, convolution)


def product_rate(device: torch.device, dtype: torch.dtype) -> float:
    """Operations a second of the product of two large square matrices; the fastest of a few rounds."""
    side = SIDE[device.type]
    left, right, product = (torch.randn(side, side, device=device).to(dtype) for _ in range(3))

    def multiply() -> None:
        torch.mm(left, right, out=product)

    return OPERATIONS * side**3 / _least_seconds(multiply)


def convolution_rate(device: torch.device, dtype: torch.dtype) -> float:
    """Operations a second of a convolution that keeps the size; the fastest of a few rounds."""
    images = torch.randn(IMAGES, CHANNELS, PIXELS, PIXELS, device=device).to(dtype, memory_format=torch.channels_last)
    filters = torch.randn(CHANNELS, CHANNELS, KERNEL, KERNEL, device=device).to(images)
    seconds = _least_seconds(lambda: F.conv2d(images, filters, padding=KERNEL // 2))
    return OPERATIONS * images.numel() * CHANNELS * KERNEL**2 / seconds


def _least_seconds(act: Callable[[], object]) -> float:
    """That it takes once, in the fastest of a few rounds."""
    steps = max(1, round(SECONDS / seconds_a_step(act, 1)))
    return min(seconds_a_step(act, steps) for _ in range(ROUNDS))


def step_operations(experiment: Experiment) -> float:
    """Operations on one training image."""
    return PASSES * OPERATIONS * total_multiply_adds(experiment.layer_table())
