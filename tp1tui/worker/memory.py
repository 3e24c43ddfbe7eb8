"""Which batch size would fit after a device ran out of memory: from what torch said, and from the experiment alone.

Nothing here asks the device, which may be in no state to answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod
from typing import Self

from tp1tui.spec.arithmetic import total_parameters
from tp1tui.spec.dataset import validation_size
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.optimizer import Muon, Optimizer, RmsProp, Sgd

FLOAT = 4
"""Bytes of a float32."""
INDEX = 8
"""Bytes of a label."""
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_SIZE = r"([\d.]+) (bytes|KiB|MiB|GiB)"
_SAID = {
    "tried": f"Tried to allocate {_SIZE}",
    "capacity": f"total capacity of {_SIZE}",
    "free": f"of which {_SIZE} is free",
    "allocated": f"{_SIZE} is allocated by PyTorch",
    "reserved": f"{_SIZE} is reserved by PyTorch but unallocated",
}


@dataclass(frozen=True)
class Shortage:
    """What torch says of a GPU without room; all in bytes."""

    tried: int
    """The block that found no room."""
    capacity: int
    """Of the whole GPU."""
    free: int
    allocated: int
    """By this process, in use."""
    reserved: int
    """By this process, not in use."""

    @classmethod
    def read(cls, message: str) -> Self | None:
        """What a torch.OutOfMemoryError says; None where it does not say all of it."""
        found = {name: re.search(pattern, message) for name, pattern in _SAID.items()}
        sizes = {name: int(float(said[1]) * _UNITS[said[2]]) for name, said in found.items() if said}
        return cls(**sizes) if len(sizes) == len(_SAID) else None

    @property
    def room(self) -> int:
        """The most that this process could have while the others keep what they hold."""
        return self.free + self.allocated + self.reserved

    @property
    def held_by_others(self) -> int:
        """What other processes hold, and what every process's CUDA context takes."""
        return max(0, self.capacity - self.room)


def batch_that_fits(experiment: Experiment, shortage: Shortage | None) -> int | None:
    """The largest power of two that should fit; None where not even one example does.

    What grows with a batch is at least what was in use and what was asked for, less what does not grow: weights,
    gradients, the optimizer's state and the examples. It is also at least every layer's output, which the backward
    pass needs. Where torch does not tell how much there is, it is half of the batch that did not fit.

    Args:
        experiment: What was trained.
        shortage: What torch said, if it said anything.
    """
    at_most = experiment.batch_size // 2
    if shortage is not None:
        fixed = bytes_at_rest(experiment)
        wanted = shortage.allocated + shortage.tried - fixed
        of_one = max(wanted / experiment.batch_size, bytes_of_outputs(experiment))
        at_most = min(at_most, int(max(0, shortage.room - fixed) / of_one))
    return 1 << at_most.bit_length() - 1 if at_most > 0 else None


def bytes_at_rest(experiment: Experiment) -> int:
    """What lies on the device between two batches: weights, gradients, the optimizer's state, all examples."""
    weights = FLOAT * total_parameters(experiment.layer_table())
    examples = sum(experiment.sizes) + validation_size(experiment.dataset)
    return weights * (2 + _copies(experiment.optimizer)) + examples * (_bytes_of_example(experiment) + INDEX)


def bytes_of_outputs(experiment: Experiment) -> int:
    """What the outputs of all layers take for one example."""
    return FLOAT * sum(prod(row.output) for row in experiment.layer_table())


def _bytes_of_example(experiment: Experiment) -> int:
    shape = experiment.facts.shape
    if len(shape) == 1:
        return FLOAT * prod(shape)
    is_whitened = experiment.standardization.enabled and experiment.standardization.kind == "zca"
    return prod(shape) * (2 if is_whitened else 1)


def _copies(optimizer: Optimizer) -> int:
    """How many numbers an optimizer keeps for each weight."""
    match optimizer:
        case Sgd() | Muon():
            return int(optimizer.momentum > 0)
        case RmsProp():
            return 1 + int(optimizer.momentum > 0)
    return 1 if optimizer.kind == "adagrad" else 2
