"""Which experiments may train together on one device, as one stack of networks. Free of torch.

All that decides which operations a step is made of must be the same; numbers that a member can have for itself may
differ: the seed, the learning rate and its schedule, the optimizer's other numbers, dropout, how weights begin.
"""

from __future__ import annotations

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.model import LayeredModel
from tp1tui.spec.optimizer import Muon


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
