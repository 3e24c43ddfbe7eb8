"""torch's optimizers without the wrappers that serve its compiler only.

The first call of a wrapped method imports the compiler: a second and more, about as long as the rest of torch takes,
and all of it between somebody's Enter and the first batch. Nothing here is ever compiled.
"""

from __future__ import annotations

import inspect
from typing import TypeVar

import torch
from torch.optim import Optimizer

Kind = TypeVar("Kind", bound=Optimizer)

_WRAPPED = ("add_param_group", "zero_grad", "state_dict", "load_state_dict")


def uncompiled(kind: type[Kind]) -> type[Kind]:
    """An optimizer that computes what `kind` does, by the same code, and takes the same arguments.

    Args:
        kind: One of torch's, which is left as it is.
    """
    methods = {name: inspect.unwrap(getattr(kind, name)) for name in _WRAPPED}
    # A step that is told to be differentiable keeps its gradients; nobody tells it here.
    methods["step"] = torch.no_grad()(inspect.unwrap(kind.step))
    return type(kind.__name__, (kind,), methods)
