"""What a training step of a transformer costs as tokens grow in number: the quadratic term, fitted (question e07)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import torch
from torch import Tensor
from torch.nn import functional as F

from tp1tui.engine.transformer import Transformer
from tp1tui.measures.growth import exponent, parabola
from tp1tui.measures.job import Job, need_experiment
from tp1tui.spec.arithmetic import total_multiply_adds
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.results import Axis, Cell, Column, Line, Result, Series, Table, Text
from tp1tui.spec.transformer import VisionTransformer
from tp1tui.spec.transformer_measures import TokenCost
from tp1tui.spec.transformer_table import transformer_table

SECONDS = 1.5
"""That the steps of one size are repeated for."""
LEAST, MOST = 3, 50
"""Repetitions of any size."""
NOTHING = 1e-6
"""Percent: a square that is rounding alone."""
WAYS = ("written-out", "fused")


@dataclass(frozen=True)
class Cost:
    """One size, in one way."""

    tokens: int
    multiply_adds: int
    """Of one image's forward pass."""
    seconds: float
    """Of a forward and a backward pass over the batch, the median."""
    kept: int
    """Bytes that the forward pass keeps for the backward pass."""


def token_cost(measure: TokenCost, job: Job) -> Iterator[Result]:
    """Time, memory and multiply-adds over tokens, in both ways, and the parabola through each."""
    experiment = need_experiment(job)
    model = _transformer(experiment)
    costs: dict[str, list[Cost]] = {way: [] for way in WAYS}
    for copies in measure.copies:
        side = copies * experiment.facts.shape[-1]
        job.tell(f"images of {side} pixels, {model.tokens(side):,} tokens")
        for way in WAYS:
            changed = model.model_copy(update={"attention": way})
            costs[way].append(_cost(changed, experiment, side, measure.images, job.device))
    yield _series("time over tokens", "time", "ms", costs, lambda cost: 1e3 * cost.seconds)
    yield _series("memory over tokens", "kept for the backward pass", "MB", costs, lambda cost: cost.kept / 1e6)
    yield _series("multiply-adds over tokens", "multiply-adds", "", {"of an image": costs[WAYS[0]]}, _multiply_adds)
    yield _fits(costs)
    yield _table(costs)
    yield Text(name="why", text=_reasons(model, costs))


def kept_bytes(network: Transformer, images: Tensor) -> int:
    """Bytes of activations that a forward pass keeps for its backward pass, each counted once; weights are not."""
    weights = {weight.untyped_storage().data_ptr() for weight in network.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        network(images)
    return sum(kept.values())


def _transformer(experiment: Experiment) -> VisionTransformer:
    if not isinstance(experiment.model, VisionTransformer):
        raise TypeError("this measure needs a vision transformer")
    return experiment.model


def _cost(model: VisionTransformer, experiment: Experiment, side: int, images: int, device: torch.device) -> Cost:
    shape, classes = (experiment.facts.shape[0], side, side), len(experiment.facts.class_names)
    network = Transformer(model, shape, classes).to(device)
    batch = torch.randn(images, *shape, device=device)
    targets = torch.zeros(images, dtype=torch.int64, device=device)
    return Cost(
        tokens=model.tokens(side),
        multiply_adds=total_multiply_adds(transformer_table(model, shape, classes)),
        seconds=_step_seconds(network, batch, targets),
        kept=kept_bytes(network, batch),
    )


def _step_seconds(network: Transformer, batch: Tensor, targets: Tensor) -> float:
    times: list[float] = []
    while len(times) < LEAST + 1 or (sum(times) < SECONDS and len(times) < MOST):
        began = perf_counter()
        network.zero_grad(set_to_none=True)
        F.cross_entropy(network(batch), targets).backward()
        if batch.device.type == "cuda":
            torch.cuda.synchronize(batch.device)
        times.append(perf_counter() - began)
    return median(times[1:])  # the first makes kernels and memory ready


def _multiply_adds(cost: Cost) -> float:
    return float(cost.multiply_adds)


def _series(name: str, what: str, unit: str, costs: dict[str, list[Cost]], value: Callable[[Cost], float]) -> Series:
    lines = tuple(
        Line(name=way, x=tuple(float(cost.tokens) for cost in of_way), y=tuple(map(value, of_way)))
        for way, of_way in costs.items()
    )
    note = "Both axes are logarithmic: a straight line is a power of the tokens, and its slope the exponent."
    x, y = Axis(name="tokens", scale="log"), Axis(name=what, unit=unit, scale="log")
    return Series(name=name, note=note, x=x, y=y, lines=lines)


def _fits(costs: dict[str, list[Cost]]) -> Table:
    columns = (
        *(Column(name=name) for name in ("cost", "attention", "a", "b·n", "c·n²")),
        *(Column(name="share of c·n² at the largest", unit="%"), Column(name="exponent at the largest")),
    )
    rows: list[tuple[Cell, ...]] = []
    for what, value in (
        ("time, µs", lambda cost: 1e6 * cost.seconds),
        ("memory, kB", lambda cost: cost.kept / 1e3),
        ("multiply-adds", _multiply_adds),
    ):
        for way, of_way in costs.items():
            tokens, values = [float(cost.tokens) for cost in of_way], [value(cost) for cost in of_way]
            a, b, c = parabola(tokens, values)
            share = 100 * c * tokens[-1] ** 2 / (a + b * tokens[-1] + c * tokens[-1] ** 2)
            if abs(share) < NOTHING:
                c = share = 0.0
            rows.append((what, way, a, b, c, share, exponent(tokens[-2:], values[-2:])))
    note = (
        "Least squares through all sizes, each weighing by its relative error. The exponent is the slope between the "
        "two largest: 1 when all grows with the tokens, 2 when all grows with their square."
    )
    return Table(name="a + b·n + c·n²", note=note, columns=columns, rows=tuple(rows))


def _table(costs: dict[str, list[Cost]]) -> Table:
    columns = (
        *(Column(name="tokens"), Column(name="multiply-adds")),
        *(column for way in costs for column in (Column(name=way, unit="ms"), Column(name=f"{way} keeps", unit="MB"))),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(of_size[0].tokens, of_size[0].multiply_adds),
            *(cell for cost in of_size for cell in (1e3 * cost.seconds, cost.kept / 1e6)),
        )
        for of_size in zip(*costs.values(), strict=True)
    ]
    note = "A forward and a backward pass over one batch; multiply-adds of one image's forward pass."
    return Table(name="sizes", note=note, columns=columns, rows=tuple(rows))


def _reasons(model: VisionTransformer, costs: dict[str, list[Cost]]) -> str:
    small, large = costs[WAYS[0]][0], costs[WAYS[0]][-1]
    tokens, work = large.tokens / small.tokens, large.multiply_adds / small.multiply_adds
    d, r = model.width, model.mlp_ratio
    return (
        f"Every token goes through the same affine maps: n · (4 + 2·{r}) · {d}² multiply-adds a block.\n"
        f"Every query meets every key, and every weight a value: n² · 2 · {d} more.\n"
        f"So both are equal at n = (2 + {r}) · {d} = {(2 + r) * d} tokens; beyond that the square prevails.\n"
        f"From {small.tokens} to {large.tokens} tokens, {tokens:.1f} times, multiply-adds grow {work:.0f}-fold.\n"
        "Written out, the n x n weights of every head are kept for the backward pass; the fused kernel makes "
        "them anew from queries and keys, so its memory grows as n while its time still grows as n²."
    )
