"""The trained network laid over images larger than its own (questions cd04 to cd06)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tp1tui.engine.training import Training
from tp1tui.measures.convolutional import convolutional
from tp1tui.measures.job import Job, need_training
from tp1tui.measures.pictures import picture
from tp1tui.spec.arithmetic import layer_table, shape_text, total_multiply_adds
from tp1tui.spec.as_convolutions import as_convolutions
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.measure import FullyConvolutional
from tp1tui.spec.results import Axis, Cell, Column, Grid, Line, Result, Series, Table, Text

PIXELS_AT_ONCE = 250 * 32 * 32
"""Of the images in one batch, so that large ones need no more memory than small ones."""

Fit = Callable[[Tensor, int], Tensor]
"""Makes images [B, C, H, W] into [B, C, side, side]."""


def enlarged(images: Tensor, side: int) -> Tensor:
    """Images scaled up, bilinearly."""
    return F.interpolate(images, size=(side, side), mode="bilinear", align_corners=False)


def padded(images: Tensor, side: int) -> Tensor:
    """Images in the middle of zeros, which are what a convolution pads with too."""
    more = side - images.shape[-1]
    return F.pad(images, (more // 2, more - more // 2, more // 2, more - more // 2))


FITS: tuple[tuple[str, Fit], ...] = (("enlarged", enlarged), ("padded", padded))


def fully_convolutional(measure: FullyConvolutional, job: Job) -> Iterator[Result]:
    """What the network gives on larger images, at what cost, and how well the averaged map classifies them."""
    training = need_training(job)
    network = convolutional(training)
    job.tell("comparing the dense and the convolutional network")
    yield _comparison(training, network, measure.tested)
    rows = []
    for side in measure.sides:
        job.tell(f"classifying {measure.tested:,} test images of {side} pixels")
        rows.append(_measured(training, network, side, measure.tested))
        yield _table(training.experiment, rows)
    if len(rows) > 1:
        yield _by_size(rows)
    yield from _maps(training, network, measure)


@dataclass(frozen=True)
class _Size:
    """What was found on images of one size; top-1 in percent."""

    side: int
    seconds: float
    """Of one image."""
    enlarged_top1: float
    padded_top1: float
    surest_top1: float
    """Of padded images, each taken for what it is at the place of the highest probability."""


@torch.no_grad()
def _comparison(training: Training, network: nn.Sequential, tested: int) -> Text:
    training.model.eval()
    differences, lowest, highest = [], [], []
    for inputs, _ in _batches(training, tested, training.experiment.input_shape[-1]):
        dense = training.model(inputs)
        differences.append((dense - network(inputs)[:, :, 0, 0]).abs().max())
        lowest.append(dense.min())
        highest.append(dense.max())
    shape, difference = shape_text(training.experiment.input_shape), torch.stack(differences).max().item()
    low, high = torch.stack(lowest).min().item(), torch.stack(highest).max().item()
    text = (
        f"At {shape} both give the same scores for {tested:,} test images, but for rounding:\n"
        f"the largest difference is {difference:.1e}, where scores run from {low:.1f} to {high:.1f}."
    )
    return Text(name="dense and convolutional", text=text)


@torch.no_grad()
def _measured(training: Training, network: nn.Sequential, side: int, tested: int) -> _Size:
    seconds, top1 = 0.0, dict.fromkeys(("enlarged", "padded", "surest"), 0)
    for inputs, labels in _batches(training, tested, side):
        for name, fit in FITS:
            laid = fit(inputs, side)
            began = _now(training.device)
            with training.precision():
                scores = network(laid).float()
            seconds += _now(training.device) - began
            top1[name] += int((scores.mean((2, 3)).argmax(1) == labels).sum())
        surest = F.softmax(scores, 1).amax((2, 3)).argmax(1)
        top1["surest"] += int((surest == labels).sum())
    enlarged_top1, padded_top1, surest_top1 = (100 * count / tested for count in top1.values())
    return _Size(side, seconds / (len(FITS) * tested), enlarged_top1, padded_top1, surest_top1)


def _batches(training: Training, tested: int, side: int) -> Iterator[tuple[Tensor, Tensor]]:
    """The first test images as the network is tested on them, so many at once as their size allows."""
    size = max(1, PIXELS_AT_ONCE // side**2)
    for start in range(0, tested, size):
        yield training.data.measuring_batch(training.data.test, start, min(start + size, tested))


def _now(device: torch.device) -> float:
    """Seconds, when the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def _table(experiment: Experiment, sizes: list[_Size]) -> Table:
    planned = experiment.input_shape
    layers = as_convolutions(experiment.layers, planned)
    window = total_multiply_adds(layer_table(layers, planned))
    rows: list[tuple[Cell, ...]] = []
    for size in sizes:
        shape = (planned[0], size.side, size.side)
        table = layer_table(layers, shape)
        output, products = table[-1].output, total_multiply_adds(table)
        places = output[1] * output[2]
        rows.append(
            (
                *(shape_text(shape), shape_text(output), places, products / 1e6, places * window / 1e6),
                *(1000 * size.seconds, size.enlarged_top1, size.padded_top1, size.surest_top1),
            )
        )
    columns = (
        *(Column(name=name) for name in ("input", "output map", "answers")),
        Column(name="multiply-adds", unit="10^6"),
        Column(name="of as many separate windows", unit="10^6"),
        Column(name="time an image", unit="ms"),
        Column(name="top-1, enlarged, map averaged", unit="%"),
        Column(name="top-1, padded, map averaged", unit="%"),
        Column(name="top-1, padded, surest place", unit="%"),
    )
    note = (
        "Test images are scaled up to fill the input, or stand in the middle of zeros. An averaged map gives one "
        "answer for the whole input; the surest place is the one with the highest probability of any class."
    )
    return Table(name="on larger images", note=note, columns=columns, rows=tuple(rows))


def _by_size(sizes: list[_Size]) -> Series:
    sides = tuple(float(size.side) for size in sizes)
    lines = (
        Line(name="enlarged, map averaged", x=sides, y=tuple(size.enlarged_top1 for size in sizes)),
        Line(name="padded, map averaged", x=sides, y=tuple(size.padded_top1 for size in sizes)),
        Line(name="padded, surest place", x=sides, y=tuple(size.surest_top1 for size in sizes)),
    )
    x, y = Axis(name="side of the input", unit="pixels"), Axis(name="top-1", unit="%")
    return Series(name="top-1 by size", x=x, y=y, lines=lines)


@torch.no_grad()
def _maps(training: Training, network: nn.Sequential, measure: FullyConvolutional) -> Iterator[Grid]:
    """One image: as a picture, and where the network sees its class, at each size."""
    number = measure.image - 1
    image, label = training.data.measuring_batch(training.data.test, number, number + 1)
    class_name = training.experiment.facts.class_names[int(label)]
    for name, fit in FITS:
        for side in measure.sides:
            laid = fit(image, side)
            size = f"{name} to {side}"
            probabilities = 100 * F.softmax(network(laid).float(), 1)[0, int(label)]
            yield picture(f"test image {measure.image}, {size}", laid[0], group=f"pictures, {name}")
            yield Grid(
                name=f"{class_name}, {size}",
                note=f"Probability of its class at each place where the network's window stands, image {size} pixels.",
                down=Axis(name="row of the map"),
                across=Axis(name="column of the map"),
                values=tuple(tuple(row) for row in probabilities.tolist()),
                unit="%",
                group=f"maps, {name}",
            )
