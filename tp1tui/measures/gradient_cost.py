"""What a gradient costs by finite differences and by backpropagation, as networks grow (question ab12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from statistics import median
from time import perf_counter

import torch
from torch import Tensor
from torch.nn import functional as F

from tp1tui.measures.differences import central_difference
from tp1tui.measures.growth import exponent
from tp1tui.measures.job import Job, Tell
from tp1tui.spec.gradient_measures import GradientCost
from tp1tui.spec.results import Axis, Cell, Column, Line, Result, Series, Table, Text

NAIVE_SECONDS = 2.0
"""For the differences of one network; where all parameters would take longer, some are timed and the rest reckoned."""
BACKPROP_SECONDS = 0.2
LEAST = 8
"""Differences of any network, however long they take."""
LAST = 3
"""Largest networks of a row, to which the growth of times is fitted, too: of small ones a call's fixed cost is most."""


@dataclass(frozen=True)
class Network:
    """`depth` affine maps of `width` by `width` with tanh between them, and softmax with cross-entropy behind."""

    depth: int
    width: int
    examples: int

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.depth * (self.width + 1) * self.width

    @property
    def forward_multiply_adds(self) -> int:
        """Of the matrix products of one pass over the batch."""
        return self.depth * self.examples * self.width**2

    @property
    def backprop_multiply_adds(self) -> int:
        """Forward; then back a product for each layer's weights, and one for each layer's inputs but the first's."""
        return (3 * self.depth - 1) * self.examples * self.width**2

    @property
    def naive_multiply_adds(self) -> int:
        """Two forward passes a parameter."""
        return 2 * self.parameters * self.forward_multiply_adds


@dataclass(frozen=True)
class Timed:
    """One network's gradient, found in both ways."""

    network: Network
    backprop: float
    """Seconds."""
    naive: float
    """Seconds, of all parameters."""
    differences: int
    """Parameters whose differences were really computed."""
    error: float
    """Largest difference between the two over the largest entry, among those."""


def gradient_cost(measure: GradientCost, job: Job) -> Iterator[Result]:
    """Both costs over depth and over width, and how they grow."""
    deeper = [Network(depth, measure.width, measure.examples) for depth in measure.depths]
    wider = [Network(measure.depth, width, measure.examples) for width in measure.widths]
    by_depth = _timed(deeper, job.tell)
    yield _times("time over depth", "depth", measure.depths, by_depth)
    by_width = _timed(wider, job.tell)
    yield _times("time over width", "width", measure.widths, by_width)
    yield _growth({"depth": (measure.depths, by_depth), "width": (measure.widths, by_width)})
    yield _measured([*by_depth, *by_width])
    yield Text(name="why", text=_reasons(by_depth[-1], by_width[-1]))


def parameters_of(network: Network) -> list[Tensor]:
    """Weights [n, n] and biases [n] in turn, float64 as differences need it, so drawn that tanh is not saturated."""
    n = network.width
    return [
        tensor
        for _ in range(network.depth)
        for tensor in (torch.randn(n, n, dtype=torch.float64) / n**0.5, torch.zeros(n, dtype=torch.float64))
    ]


def loss_of(parameters: Sequence[Tensor], inputs: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy of a batch; inputs float64 [B, n], targets int64 [B]."""
    outputs = inputs
    for place in range(0, len(parameters), 2):
        outputs = torch.addmm(parameters[place + 1], torch.tanh(outputs) if place else outputs, parameters[place].t())
    return F.cross_entropy(outputs, targets)


def _timed(networks: Sequence[Network], tell: Tell) -> list[Timed]:
    found = []
    for network in networks:
        tell(f"gradients of {network.depth} x {network.width}: {network.parameters:,} parameters")
        with _one_thread():
            found.append(time_both(network, NAIVE_SECONDS))
    return found


@contextmanager
def _one_thread() -> Iterator[None]:
    """Small networks would wait for a second thread longer than they work, and large ones should be timed alike."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def time_both(network: Network, seconds: float) -> Timed:
    """Find one network's gradient by backpropagation and by differences.

    Args:
        network: Which; its numbers are drawn.
        seconds: How long differences may take, in an order that is drawn. Those of parameters that are not reached by
            then are taken to cost as much as the others.
    """
    parameters = parameters_of(network)
    inputs = torch.randn(network.examples, network.width, dtype=torch.float64)
    targets = torch.randint(network.width, (network.examples,))
    backprop, gradient = _backprop(parameters, inputs, targets)
    order = torch.randperm(network.parameters)
    ends = list(accumulate(tensor.numel() for tensor in parameters))
    owners = torch.bucketize(order, torch.tensor(ends), right=True)
    slopes: list[float] = []
    began = perf_counter()
    for number, owner in zip(order.tolist(), owners.tolist(), strict=True):
        tensor = parameters[owner]
        place = number - ends[owner] + tensor.numel()
        slopes.append(central_difference(lambda: loss_of(parameters, inputs, targets), tensor, place))
        if perf_counter() - began > seconds and len(slopes) >= LEAST:
            break
    naive = (perf_counter() - began) * network.parameters / len(slopes)
    found, expected = torch.tensor(slopes, dtype=torch.float64), gradient[order[: len(slopes)]]
    error = (found - expected).abs().max() / gradient.abs().max()
    return Timed(network, backprop, naive, len(slopes), error.item())


def _backprop(parameters: list[Tensor], inputs: Tensor, targets: Tensor) -> tuple[float, Tensor]:
    """Median time of forward and backward, and the gradient, all entries in a row."""
    leaves = [parameter.clone().requires_grad_() for parameter in parameters]
    times: list[float] = []
    while len(times) < 3 or sum(times) < BACKPROP_SECONDS:
        began = perf_counter()
        gradients = torch.autograd.grad(loss_of(leaves, inputs, targets), leaves)
        times.append(perf_counter() - began)
    return median(times), torch.cat([gradient.flatten() for gradient in gradients])


def _times(name: str, grows: str, sizes: Sequence[int], found: Sequence[Timed]) -> Series:
    x = tuple(float(size) for size in sizes)
    whole = sum(timed.differences == timed.network.parameters for timed in found)
    note = (
        f"float64, one CPU thread. In {whole} of {len(found)} networks the differences of every parameter were computed"
    )
    note += "." if whole == len(found) else "; in the others some were timed, and their time multiplied."
    return Series(
        name=name,
        note=note,
        x=Axis(name=grows, scale="log"),
        y=Axis(name="time", unit="s", scale="log"),
        lines=(
            Line(name="finite differences", x=x, y=tuple(timed.naive for timed in found)),
            Line(name="backpropagation", x=x, y=tuple(timed.backprop for timed in found)),
        ),
    )


def _growth(rows: dict[str, tuple[Sequence[int], list[Timed]]]) -> Table:
    columns = tuple(
        Column(name=name)
        for name in ("cost", "grows with", "multiply-adds", "time", f"time, last {LAST}", "networks", "to be expected")
    )
    lines: list[tuple[Cell, ...]] = []
    for grows, (sizes, found) in rows.items():
        costs = {
            "finite differences": (
                [timed.network.naive_multiply_adds for timed in found],
                [timed.naive for timed in found],
                2 if grows == "depth" else 4,
            ),
            "backpropagation": (
                [timed.network.backprop_multiply_adds for timed in found],
                [timed.backprop for timed in found],
                1 if grows == "depth" else 2,
            ),
        }
        for name, (products, seconds, expected) in costs.items():
            fits = (exponent(sizes, products), exponent(sizes, seconds), exponent(sizes[-LAST:], seconds[-LAST:]))
            lines.append((name, grows, *fits, len(sizes), expected))
    note = (
        "Exponents: a cost that grows with the power 2 is four times as high for twice the size. Straight lines "
        "through the points in log-log, by least squares. Multiply-adds are arithmetic. Times of small networks are "
        "mostly the fixed cost of a call, so the last ones alone come nearer to what is to be expected of large ones."
    )
    return Table(name="growth", note=note, columns=columns, rows=tuple(lines))


def _measured(found: Sequence[Timed]) -> Table:
    columns = (
        *(Column(name=name) for name in ("depth", "width", "parameters", "differences computed")),
        *(Column(name="finite differences", unit="s"), Column(name="backpropagation", unit="s")),
        *(Column(name=name) for name in ("ratio", "multiply-adds: differences", "multiply-adds: backprop", "apart")),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *(timed.network.depth, timed.network.width, timed.network.parameters, timed.differences),
            *(timed.naive, timed.backprop, timed.naive / timed.backprop),
            *(timed.network.naive_multiply_adds, timed.network.backprop_multiply_adds, timed.error),
        )
        for timed in found
    )
    note = (
        "Where fewer differences were computed than there are parameters, their time is multiplied to all. Apart: the "
        "largest difference between the two gradients over the largest entry, among those computed."
    )
    return Table(name="networks", note=note, columns=columns, rows=rows)


def _reasons(deepest: Timed, widest: Timed) -> str:
    return (
        "Finite differences take 2 forward passes a parameter. A pass costs about one multiply-add a parameter and "
        "example, so P parameters cost 2 P passes of P each: P².\n"
        "Backpropagation takes one pass forward and about two back, whatever P is, since each layer hands the gradient "
        "by its inputs on to the one before it: 3 P.\n"
        "P grows with the depth, and with the square of the width. So the exponents are 2 and 1 over depth, 4 and 2 "
        "over width.\n"
        f"At depth {deepest.network.depth}, width {deepest.network.width}, differences take "
        f"{deepest.naive / deepest.backprop:,.0f} times as long; at depth {widest.network.depth}, width "
        f"{widest.network.width:,}, {widest.naive / widest.backprop:,.0f} times, and they are off by rounding as well."
    )
