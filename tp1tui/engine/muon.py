"""Muon for matrices and AdamW for the rest, as one optimizer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from tp1tui.engine.uncompiled import uncompiled
from tp1tui.spec.optimizer import Muon

SHARE = "share"
"""Key of a parameter group: its learning rate over the optimizer's."""


class OptimizerError(Exception):
    """An optimizer that this torch does not have. Its text is a sentence."""


class MuonAndAdamW:
    """Two of torch's optimizers behind the methods that a training needs of one.

    torch's Muon takes two-dimensional weights only: those of linear layers. AdamW moves all else.
    """

    def __init__(self, spec: Muon, parameters: Iterable[nn.Parameter]) -> None:
        """Share the parameters out.

        Raises:
            OptimizerError: This torch has no Muon.
        """
        if not hasattr(torch.optim, "Muon"):
            msg = f"torch {torch.__version__} has no Muon, which came with 2.9. Start it again with another optimizer."
            raise OptimizerError(msg)
        parameters = list(parameters)
        matrices = [parameter for parameter in parameters if parameter.ndim == 2]
        others = [parameter for parameter in parameters if parameter.ndim != 2]
        self._parts: dict[str, torch.optim.Optimizer] = {}
        if matrices:
            self._parts["muon"] = uncompiled(torch.optim.Muon)(
                matrices, lr=spec.lr, weight_decay=spec.weight_decay, momentum=spec.momentum, nesterov=spec.nesterov
            )
        if others:
            self._parts["adamw"] = uncompiled(torch.optim.AdamW)(
                [{"params": others, SHARE: spec.adamw_lr / spec.lr}],
                lr=spec.adamw_lr,
                weight_decay=spec.weight_decay,
                fused=True,
            )

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """Those of both."""
        return [group for part in self._parts.values() for group in part.param_groups]

    def zero_grad(self, set_to_none: bool = True) -> None:  # noqa: FBT001, FBT002 - torch's own signature
        """Forget the gradients of both."""
        for part in self._parts.values():
            part.zero_grad(set_to_none)

    def step(self) -> None:
        """Move all parameters once."""
        for part in self._parts.values():
            part.step()

    def state_dict(self) -> dict[str, Any]:
        """Both states, each under its optimizer's name."""
        return {name: part.state_dict() for name, part in self._parts.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go back to what `state_dict` gave."""
        for name, part in self._parts.items():
            part.load_state_dict(state[name])
