"""Gradients by hand against autograd and against central differences (questions ab14 to ab17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log10

import torch
from torch import Tensor

from tp1tui.data.resident import ResidentData
from tp1tui.engine import by_hand
from tp1tui.measures.derivations import DERIVATIONS, FORMULAS
from tp1tui.measures.differences import central_differences
from tp1tui.measures.job import Job, need_examples, need_experiment
from tp1tui.measures.subject_network import SubjectNetwork, first_weights
from tp1tui.measures.two_losses import two_losses
from tp1tui.spec.gradient_measures import Gradients
from tp1tui.spec.results import Cell, Column, Result, Table, Text

AUTOGRAD_LIMIT, DIFFERENCES_LIMIT = 1e-12, 1e-7
"""Largest relative errors that rounding, and the differences' own error, explain in float64."""
SHOWN = 12
"""Entries of one tensor that are shown one by one."""


@dataclass(frozen=True)
class Checked:
    """One gradient, found in three ways; all of the tensor's shape."""

    name: str
    by_hand: Tensor
    autograd: Tensor
    differences: Tensor

    @property
    def against_autograd(self) -> float:
        """Largest difference of an entry, over the largest entry."""
        return _relative_error(self.by_hand, self.autograd)

    @property
    def against_differences(self) -> float:
        """The same against central differences."""
        return _relative_error(self.by_hand, self.differences)

    @property
    def agrees(self) -> bool:
        """Whether both errors are as small as rounding lets them be."""
        return self.against_autograd <= AUTOGRAD_LIMIT and self.against_differences <= DIFFERENCES_LIMIT


def gradients(measure: Gradients, job: Job) -> Iterator[Result]:
    """The derivation of each formula that is asked for, and how it stands the check on a batch of real examples."""
    experiment, examples = need_experiment(job), need_examples(job)
    data = ResidentData(experiment, examples, torch.device("cpu"))
    network = SubjectNetwork.on(first_weights(experiment), data, data.train, measure.points)
    yield Text(name="derivation", text="\n\n".join(DERIVATIONS[name] for name in measure.tensors))
    if "loss" in measure.tensors:
        yield from two_losses(network)
    checked = [check(network, name) for name in measure.tensors if name != "loss"]
    if checked:
        yield _verdicts(checked, measure.points)
        yield _entries(checked)


def check(network: SubjectNetwork, name: str) -> Checked:
    """One gradient in three ways.

    Args:
        network: The point at which it is taken.
        name: Of a parameter, or ytilde or htilde.
    """
    outputs = network.outputs()
    dy = by_hand.delta_y(outputs, network.Y)
    own = {
        "ytilde": dy,
        "htilde": by_hand.delta_h(network.params, outputs, dy),
        **by_hand.backward(network.params, outputs, network.Y),
    }[name]
    value = network.params[name] if name in network.params else outputs[name]
    leaf = value.clone().requires_grad_()
    (automatic,) = torch.autograd.grad(network.loss_with(name, leaf), leaf)
    moved = value.clone()
    return Checked(name, own, automatic, central_differences(lambda: network.loss_with(name, moved), moved))


def _relative_error(one: Tensor, other: Tensor) -> float:
    largest = other.abs().max().item()
    return (one - other).abs().max().item() / largest if largest else float(one.any())


def _verdicts(checked: list[Checked], points: int) -> Table:
    columns = tuple(
        Column(name=name) for name in ("gradient by", "shape", "formula", "off autograd", "off differences", "verdict")
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *(each.name, "x".join(map(str, each.by_hand.shape)), FORMULAS[each.name]),
            *(each.against_autograd, each.against_differences, "agrees" if each.agrees else "differs"),
        )
        for each in checked
    )
    note = (
        f"Of the mean loss of {points} examples at the first weights, in float64. Off by: the largest difference of an "
        f"entry over the largest entry. It agrees if that is at most {_power(AUTOGRAD_LIMIT)} against autograd "
        f"and {_power(DIFFERENCES_LIMIT)} against central differences."
    )
    return Table(name="gradients by hand", note=note, columns=columns, rows=rows)


def _power(limit: float) -> str:
    return f"1e{round(log10(limit))}"


def _entries(checked: list[Checked]) -> Table:
    columns = tuple(Column(name=name) for name in ("entry", "by hand", "autograd", "central differences"))
    rows = tuple(row for each in checked for row in _entry_rows(each))
    note = f"Counted from 1. Of each tensor the first {SHOWN} at most; of ytilde and htilde, a row is an example."
    return Table(name="entry by entry", note=note, columns=columns, rows=rows)


def _entry_rows(each: Checked) -> Iterator[tuple[Cell, ...]]:
    for place in range(min(SHOWN, each.by_hand.numel())):
        at = torch.unravel_index(torch.tensor(place), each.by_hand.shape)
        indices = ", ".join(str(int(index) + 1) for index in at)
        values = (tensor.flatten()[place].item() for tensor in (each.by_hand, each.autograd, each.differences))
        yield (f"{each.name}[{indices}]", *values)
