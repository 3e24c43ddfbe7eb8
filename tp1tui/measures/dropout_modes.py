"""Dropout in training mode and in evaluation mode, on one input (question cd33)."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from tp1tui.engine.model import set_dropout
from tp1tui.measures.dropout_passes import DropoutPoint, Passes
from tp1tui.measures.job import Job, need_layers, need_training
from tp1tui.measures.pictures import picture
from tp1tui.spec.measure import DropoutModes
from tp1tui.spec.results import Axis, Cell, Column, Line, Result, Series, Table, Text

PROBABILITIES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Of the table of rules."""
BINS = 40


def dropout_modes(measure: DropoutModes, job: Job) -> Iterator[Result]:
    """What the passes of one input give in both modes, and which rule for the test agrees with training."""
    training = need_training(job)
    p = training.experiment.dropout.p
    set_dropout(training.model, p)  # it may have been switched off while the network was trained
    inputs, labels = training.data.measuring_batch(training.data.test, measure.image - 1, measure.image)
    names, label = training.experiment.facts.class_names, int(labels)
    if inputs.dim() == 4:
        yield picture("the input", inputs[0], note=f"Test image {measure.image}: {names[label]}.")
    point = DropoutPoint(need_layers(job), inputs)
    job.tell(f"{measure.passes:,} passes in each mode")
    train, evaluation = (point.passes(measure.passes, training=mode) for mode in (True, False))
    yield Text(name="what the layer does", text=_sentences(p, train, evaluation, names[label], label))
    yield _modes(train, evaluation, label)
    yield _scores(train, evaluation, names)
    top = int(evaluation.logits[0].argmax())
    yield _histogram(f"score of {names[top]} over passes", "score", train.logits[:, top], evaluation.logits[0, top])
    yield _histogram(f"unit {point.unit + 1} over passes", "value", train.unit, evaluation.unit[0])
    yield _nearing(train.logits, evaluation.logits[0], linear=point.linear_behind)
    job.tell("comparing the rules for the test")
    yield _rules(point, measure.passes, top, names[top])


def _sentences(p: float, train: Passes, evaluation: Passes, class_name: str, label: int) -> str:
    right = 100 * (train.logits.argmax(1) == label).double().mean().item()
    different = len(train.logits.unique(dim=0))
    agreement = "No two passes agree" if different == len(train.logits) else f"{different:,} different answers"
    once = "right" if int(evaluation.logits[0].argmax()) == label else "wrong"
    return (
        f"Training mode: {train.zeroed:.1f} % of the active units are set to zero, p is {100 * p:g} %.\n"
        f"               The others are multiplied by {train.factor:.4f}; 1 / (1 - p) is {1 / (1 - p):.4f}.\n"
        f"               {agreement}: {right:.1f} % of the passes take the image for what it is, {class_name}.\n"
        f"Evaluation:    {evaluation.zeroed:.1f} % are set to zero, the others multiplied by {evaluation.factor:.4f}.\n"
        f"               Every pass gives the same, and the class is {once}."
    )


def _modes(train: Passes, evaluation: Passes, label: int) -> Table:
    columns = (
        Column(name="mode"),
        Column(name="units set to zero", unit="%"),
        Column(name="factor of the others"),
        Column(name="mean of the unit"),
        Column(name="deviation of the unit"),
        Column(name="passes that are right", unit="%"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(mode, found.zeroed, found.factor, found.unit.mean().item(), found.unit.std(correction=0).item()),
            100 * (found.logits.argmax(1) == label).double().mean().item(),
        )
        for mode, found in (("training", train), ("evaluation", evaluation))
    ]
    note = "Of units that are active without dropout. The unit is the most active one."
    return Table(name="both modes", note=note, columns=columns, rows=tuple(rows))


def _scores(train: Passes, evaluation: Passes, names: tuple[str, ...]) -> Table:
    logits, once = train.logits.double(), evaluation.logits[0].double()
    means, deviations = logits.mean(0), logits.std(0, correction=0)
    errors = deviations / len(logits) ** 0.5
    rows: list[tuple[Cell, ...]] = [
        (
            *(name, once[k].item(), means[k].item(), deviations[k].item(), logits[:, k].min().item()),
            *(logits[:, k].max().item(), ((means[k] - once[k]) / errors[k].clamp_min(1e-12)).item()),
        )
        for k, name in enumerate(names)
    ]
    headings = ("class", "evaluation", "training: mean", "deviation", "lowest", "highest", "off by standard errors")
    note = (
        "Scores before softmax. The last column is how far the mean lies from evaluation's score, in deviations of "
        "such a mean: within 2 or 3 is chance."
    )
    return Table(name="scores", note=note, columns=tuple(Column(name=h) for h in headings), rows=tuple(rows))


def _histogram(name: str, axis: str, values: Tensor, once: Tensor) -> Series:
    """Shares of passes over equal bins, and a bar where evaluation mode stands."""
    values = values.double().cpu()
    low, high = values.min().item(), values.max().item()
    high = high if high > low else low + 1.0
    shares = 100 * torch.histc(values, BINS, low, high) / len(values)
    width = (high - low) / BINS
    centres = tuple(low + (place + 0.5) * width for place in range(BINS))
    lines = (
        Line(name="training mode", x=centres, y=tuple(shares.tolist())),
        Line(name="evaluation mode", x=(once.item(), once.item()), y=(0.0, shares.max().item())),
    )
    return Series(name=name, x=Axis(name=axis), y=Axis(name="passes", unit="%"), lines=lines)


def _nearing(logits: Tensor, once: Tensor, *, linear: bool) -> Series:
    """How far the mean over the first n passes is from evaluation mode, for n that grow evenly on a log scale."""
    logits, once = logits.double(), once.double()
    means = logits.cumsum(0) / torch.arange(1, len(logits) + 1, device=logits.device)[:, None]
    distances = (means - once).square().mean(1).sqrt()
    counts = sorted({round(10 ** (place / 10)) for place in range(51)} | {len(logits)})
    counts = [count for count in counts if count <= len(logits)]
    deviation = logits.var(0, correction=0).mean().sqrt().item()
    x = tuple(float(count) for count in counts)
    lines = (
        Line(name="distance", x=x, y=tuple(distances[count - 1].item() for count in counts)),
        Line(name="deviation / sqrt(n)", x=x, y=tuple(deviation / count**0.5 for count in counts)),
    )
    behind = (
        "Behind dropout all is linear, so the mean over all masks is evaluation mode's score exactly."
        if linear
        else "Behind dropout not all is linear, so the mean over all masks only comes near evaluation mode's score."
    )
    return Series(
        name="mean of n training passes against evaluation",
        note=f"Root of the mean square over the classes. {behind}",
        x=Axis(name="passes", scale="log"),
        y=Axis(name="distance of the scores", scale="log"),
        lines=lines,
    )


def _rules(point: DropoutPoint, passes: int, top: int, class_name: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for p in PROBABILITIES:
        rules = (
            (passes, lambda hidden, p=p: hidden * _kept(hidden, p)),
            (1, lambda hidden, p=p: hidden * (1 - p)),
            (1, lambda hidden, p=p: hidden * p),
            (passes, lambda hidden, p=p: hidden * _kept(hidden, p) / (1 - p)),
            (1, lambda hidden, p=p: hidden),
        )
        rows.append((p, *(point.mean_scores(count, rule)[top].item() for count, rule in rules)))
    headings = (
        *("p", "paper: training, mean", "paper: test, times 1 - p", "test, times p"),
        *("PyTorch: training, mean", "PyTorch: test"),
    )
    note = (
        f"Score of {class_name} by the original paper's rule (Srivastava et al., 2014), which scales at test, and by "
        "PyTorch's, which scales while training. In both, training's mean and test agree; times p agrees for 0.5 only."
    )
    return Table(name="rules", note=note, columns=tuple(Column(name=h) for h in headings), rows=tuple(rows))


def _kept(hidden: Tensor, p: float) -> Tensor:
    return torch.rand(hidden.shape, device=hidden.device) >= p
