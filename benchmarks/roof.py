"""The roof: how fast the device multiplies matrices, and what share of it a training reaches.

A multiply-add is two operations. A step does those of a forward pass three times: forward, for the gradient by the
inputs of each layer, and for the one by its weights. Whatever else a step does takes time and counts for nothing.
"""

from __future__ import annotations

import torch

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
                roof = product_rate(device, torch.bfloat16 if precision == "bf16" else torch.float32)
                report.add(f"{precision} product of matrices", f"{roof / GIGA:,.0f}")
            reached = step_operations(experiment) * rates(experiment, ROUNDS, SECONDS)[0]
            report.add(f"{precision} {preset}", f"{reached / GIGA:,.0f}, {100 * reached / roof:.1f} % of the product's")
    return report


def product_rate(device: torch.device, dtype: torch.dtype) -> float:
    """Operations a second of the product of two large square matrices; the fastest of a few rounds."""
    side = SIDE[device.type]
    left, right, product = (torch.randn(side, side, device=device).to(dtype) for _ in range(3))

    def multiply() -> None:
        torch.mm(left, right, out=product)

    steps = max(1, round(SECONDS / seconds_a_step(multiply, 1)))
    return OPERATIONS * side**3 / min(seconds_a_step(multiply, steps) for _ in range(ROUNDS))


def step_operations(experiment: Experiment) -> float:
    """Operations on one training image."""
    return PASSES * OPERATIONS * total_multiply_adds(experiment.layer_table())
