"""How images lie in memory while a convnet trains: each pixel's channels side by side, or each channel by itself.

Which is faster depends on the network, the batch and the processor; what is computed is the same to rounding. On a
CPU it is tried out, a few steps each way; on a GPU channels lie side by side, as its tensor cores want them.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from time import perf_counter
from typing import get_args

import torch

from tp1tui.engine.device import describe
from tp1tui.engine.implementations import implement
from tp1tui.engine.model import Layout, has_convolution, lay_out
from tp1tui.engine.training import Training

LAYOUTS: tuple[Layout, ...] = get_args(Layout)
ROUNDS = 3
"""Steps each way that are timed, in turn, after one that is not."""
WORTH_A_CHANGE = 0.95
"""Share of the usual layout's time that the other must stay below to be preferred: less of a gain may be chance."""


def has_choice(training: Training) -> bool:
    """Whether there is anything to try: a convnet on a CPU, whose figures do not depend on the layout.

    Dropout draws in the order of memory: among images it would be another with the channels elsewhere.
    """
    drops_images = any(row.kind == "dropout" and len(row.input) == 3 for row in training.experiment.layer_table())
    return training.device.type == "cpu" and has_convolution(training.model) and not drops_images


def circumstances(training: Training) -> str:
    """All that the faster layout depends on, as 16 hex digits."""
    experiment = training.experiment
    table = [(row.kind, row.output, row.kernel) for row in experiment.layer_table()]
    known = (table, experiment.input_shape, experiment.batch_size, experiment.precision, experiment.optimizer)
    machine = (describe(training.device), torch.get_num_threads(), torch.__version__)
    return hashlib.sha256(repr((known, machine)).encode()).hexdigest()[:16]


def faster(training: Training) -> Layout:
    """Try both: the one in which a step takes less time. The training is afterwards what it was before."""
    with torch.random.fork_rng([]):
        steps = {layout: _step(training, layout) for layout in LAYOUTS}
        for step in steps.values():
            step()
        seconds = {layout: float("inf") for layout in LAYOUTS}
        for _ in range(ROUNDS):
            for layout, step in steps.items():
                seconds[layout] = min(seconds[layout], step())
    usual, other = LAYOUTS
    return other if seconds[other] < WORTH_A_CHANGE * seconds[usual] else usual


def _step(training: Training, layout: Layout) -> Callable[[], float]:
    """A step of a copy of the network on one batch; it returns how many seconds it took."""
    network = copy.deepcopy(training.model).train()
    lay_out(network, layout)
    implementation = implement(training.experiment, network)
    inputs, targets = training.data.training_batch(training.data.plan(1), 0)

    def step() -> float:
        began = perf_counter()
        implementation.update(inputs, targets, 0.0)
        return perf_counter() - began

    return step
