"""Which experiments may train together on one device, as one stack of networks. Free of torch.

All that decides which operations a step is made of must be the same; numbers that a member can have for itself may
differ: the seed, the learning rate and its schedule, the optimizer's other numbers, dropout, how weights begin.
"""

from __future__ import annotations

from math import prod

from tp1tui.spec.arithmetic import total_multiply_adds, total_parameters
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.model import LayeredModel
from tp1tui.spec.optimizer import Muon

MOST = 32
"""Members of one stack: enough that a step's overhead is shared out, and few enough that each can be watched."""
WORTH = 20_000_000
"""Multiply-adds of a batch's forward pass up to which a step is overhead for the most part. On a CPU, eight networks of
10 million (the digits') train 1.4 times as fast together as one by one, those of the circles more than 5 times; of 200
million, one by one is faster."""
BUDGET = 2 << 30
"""Bytes that all members together may take."""
COPIES = 6
"""Of each weight: with its gradient, what an optimizer remembers, and what a step needs meanwhile."""


def stack_key(experiment: Experiment) -> str | None:
    """A text that two experiments have in common if and only if they may train together.

    Returns:
        None for what trains alone always: a network that is no list of layers; the implementations that are there to be
        read; and Muon, which treats each matrix by itself.
    """
    if not isinstance(experiment.model, LayeredModel) or isinstance(experiment.optimizer, Muon):
        return None
    if experiment.implementation != "torch.optim":
        return None
    return experiment.model_dump_json(
        exclude={
            "seed": True,
            "schedule": True,
            "dropout": True,
            "optimizer": {"lr", "momentum", "weight_decay", "betas", "eps", "alpha"},
            "model": {"init": True},
        }
    )


def most_together(experiment: Experiment) -> int:
    """How many members like this one are worth training together; 1 where it had better train alone."""
    rows = experiment.layer_table()
    if stack_key(experiment) is None or total_multiply_adds(rows) * experiment.batch_size > WORTH:
        return 1
    activations = 2 * experiment.batch_size * sum(prod(row.output) for row in rows)
    examples = sum(experiment.sizes) * prod(experiment.facts.shape)
    taken = 4 * (activations + COPIES * total_parameters(rows)) + examples
    return max(1, min(MOST, BUDGET // taken))
