"""One example through the network by hand, every intermediate under the subject's name (question ab07)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from tp1tui.data.resident import ResidentData
from tp1tui.engine.by_hand import Params
from tp1tui.measures.job import Job, need_examples, need_experiment
from tp1tui.measures.subject_network import SubjectNetwork, first_weights
from tp1tui.spec.forward_measure import Forward
from tp1tui.spec.results import Column, Result, Table, Text

INTERMEDIATES: dict[str, tuple[str, str]] = {
    "x": ("", "The input: the features of the example, standardized if the experiment says so."),
    "htilde": ("htilde = Wh x + bh", "What each hidden unit hears: an affine map."),
    "h": ("h = tanh(htilde)", "What it says of it, between -1 and 1."),
    "ytilde": ("ytilde = Wy h + by", "The scores of the classes, or logits: an affine map again."),
    "yhat": ("yhat = softmax(ytilde)", "The probability of each class; they sum to 1."),
    "y": ("", "The target, one-hot: 1 for the class of the example and 0 for the others."),
    "loss": ("loss = - Σ_i y_i log yhat_i", "The cross-entropy, in nats: 0 if the true class has probability 1."),
}
"""What is computed on the way, in the subject's order: its formula, and what it is. x and y are given."""
TERMS = 8
"""Of one sum that are written out; of a picture's 784 the others are counted."""
COLUMNS = 78
"""That a line of numbers may take."""


def forward(measure: Forward, job: Job) -> Iterator[Result]:
    """Every formula with the numbers of one example put in, then each intermediate entry by entry."""
    experiment, examples = need_experiment(job), need_examples(job)
    data = ResidentData(experiment, examples, torch.device("cpu"))
    batch = SubjectNetwork.on(first_weights(experiment), data, data.train, measure.example)
    network = replace(batch, X=batch.X[-1:], Y=batch.Y[-1:])
    values = intermediates(network)
    yield Text(
        name=f"example {measure.example}, its numbers put in",
        note="At the first weights, in float64; rounded for the eye.",
        text="\n\n".join(_written(network.params, values)),
    )
    for name, value in values.items():
        yield _table(name, value, network.params)


def intermediates(network: SubjectNetwork) -> dict[str, Tensor]:
    """All that the forward pass of the network's one example computes.

    Args:
        network: On a batch of one.

    Returns:
        float64: x [nx], htilde [nh], h [nh], ytilde [ny], yhat [ny], y [ny] and loss [].
    """
    outputs = {name: value[0] for name, value in network.outputs().items()}
    return {"x": outputs.pop("X"), **outputs, "y": network.Y[0], "loss": network.loss()}


def _written(params: Params, values: dict[str, Tensor]) -> Iterator[str]:
    """A paragraph an intermediate: its formula, and a line an entry with the numbers in it."""
    x, h, yhat = (values[name].tolist() for name in ("x", "h", "yhat"))
    htilde, ytilde, y = (values[name].tolist() for name in ("htilde", "ytilde", "y"))
    yield f"x = {_vector(x)}"
    yield _paragraph("htilde", [_affine(*row, x) for row in _rows(params, "h")], htilde)
    yield _paragraph("h", [f"tanh({_number(value)})" for value in htilde], h)
    yield _paragraph("ytilde", [_affine(*row, h) for row in _rows(params, "y")], ytilde)
    whole = _sum([f"exp({_number(value)})" for value in ytilde])
    yield _paragraph("yhat", [f"exp({_number(value)}) / ({whole})" for value in ytilde], yhat)
    yield f"y = ({', '.join(f'{target:.0f}' for target in y)})"
    true = y.index(1)
    put_in = _sum([f"{target:.0f}·log {_number(value)}" for target, value in zip(y, yhat, strict=True)])
    loss = f"- ({put_in}) = - log {_number(yhat[true])} = {_number(values['loss'].item())}"
    yield "\n".join((INTERMEDIATES["loss"][0], _folded("  loss = ", loss)))


def _rows(params: Params, end: str) -> Iterator[tuple[list[float], float]]:
    """Weights and bias of each unit of a layer."""
    yield from zip(params[f"W{end}"].tolist(), params[f"b{end}"].tolist(), strict=True)


def _affine(weights: Sequence[float], bias: float, inputs: Sequence[float]) -> str:
    products = [f"{_factor(weight)}·{_factor(value)}" for weight, value in zip(weights, inputs, strict=True)]
    return f"{_sum(products)} + {_factor(bias)}"


def _sum(terms: Sequence[str]) -> str:
    left_out = f" + … {len(terms) - TERMS} more" if len(terms) > TERMS else ""
    return " + ".join(terms[:TERMS]) + left_out


def _paragraph(name: str, entries: Sequence[str], values: Sequence[float]) -> str:
    lines = [
        _folded(f"  {name}_{place} = ", f"{entry} = {_number(value)}")
        for place, (entry, value) in enumerate(zip(entries, values, strict=True), 1)
    ]
    return "\n".join((INTERMEDIATES[name][0], *lines))


def _folded(head: str, rest: str) -> str:
    """Broken where it is wider than a line, its rest under its beginning."""
    return textwrap.fill(rest, COLUMNS, initial_indent=head, subsequent_indent=" " * len(head))


def _vector(values: Sequence[float]) -> str:
    left_out = f", … {len(values) - TERMS} more" if len(values) > TERMS else ""
    return f"({', '.join(_number(value) for value in values[:TERMS])}{left_out})"


def _number(value: float) -> str:
    return f"{value:.3f}"


def _factor(value: float) -> str:
    return f"({_number(value)})" if value < 0 else _number(value)


def _table(name: str, value: Tensor, params: Params) -> Table:
    formula, what = INTERMEDIATES[name]
    shape = f"[{', '.join(map(str, value.shape))}]" if value.dim() else "a single number"
    parameters = [key for key in params if key in formula]
    shapes = "".join(f", {key} {list(params[key].shape)}" for key in parameters)
    entries = [f"{name}_{place}" for place in range(1, value.numel() + 1)] if value.dim() else [name]
    return Table(
        name=name,
        note=f"{formula or 'given'}; shape: {shape}{shapes}. {what}",
        columns=(Column(name="entry"), Column(name="value", unit="nats" if name == "loss" else "")),
        rows=tuple(zip(entries, value.flatten().tolist(), strict=True)),
    )
