"""One trained network tested under other statistics than those of its training set (question cd20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from tp1tui.data.placing import centre
from tp1tui.data.standardize import PIXEL_MAX, ByImage, Scaling, Standardizer, channel_statistics
from tp1tui.engine.evaluate import BATCH
from tp1tui.engine.training import Training
from tp1tui.measures.job import Job, need_training
from tp1tui.spec.results import Axis, Cell, Column, Grid, Result, Table

NEIGHBOURS = 100
"""Images in a batch that is standardized by itself."""
BRIGHTER = 0.2
FLATTER = 0.5
Statistic = Callable[[Tensor], Tensor]
"""Standardizes pixels in [0, 1], float32 [B, H, W, C], into inputs [B, C, H, W]; B is `NEIGHBOURS` or less."""


def statistics(job: Job) -> Iterator[Result]:
    """Loss and top-1 under each kind of statistics, on test images as they are and in another light."""
    training = need_training(job)
    train = channel_statistics(training.data.train.inputs)
    pixels = _test_pixels(training)
    yield _values(train, channel_statistics(pixels), training.experiment.facts.shape[0])
    top1: dict[str, list[float]] = {}
    names: tuple[str, ...] = ()
    for light, lit in _lights(pixels):
        rows = []
        reference: Tensor | None = None
        for case in _cases(train, lit):
            job.tell(f"testing on images {light}, statistics of {case.name}")
            found = _tested(training, case, lit)
            reference = found.predictions if reference is None else reference
            rows.append((case.name, found, 100 * (found.predictions != reference).double().mean().item()))
        names = tuple(name for name, _, _ in rows)
        top1[light] = [found.top1 for _, found, _ in rows]
        yield _table(light, rows)
        yield _overview(top1, names)


@dataclass(frozen=True)
class _Case:
    """One way to standardize the test images."""

    name: str
    standardize: Statistic
    order: Tensor
    """int64 [N]: the images in the order in which they come."""


@dataclass(frozen=True)
class _Found:
    loss: float
    top1: float
    """Percent."""
    mean: float
    """Of all numbers that the network was given."""
    deviation: float
    predictions: Tensor
    """int64 [N], by image."""


def _test_pixels(training: Training) -> Tensor:
    """All test images as they are tested, in [0, 1]: float32 [N, H, W, C]."""
    images = centre(training.data.test.inputs, training.experiment.input_shape[-1])
    return images.to(torch.float32) / PIXEL_MAX


def _lights(pixels: Tensor) -> Iterator[tuple[str, Tensor]]:
    """The test images as they are, and what another camera might have made of them."""
    yield "as they are", pixels
    yield f"brighter by {BRIGHTER}", (pixels + BRIGHTER).clamp(0, 1)
    yield "of half the contrast", 0.5 + FLATTER * (pixels - 0.5)


def _cases(train: tuple[list[float], list[float]], pixels: Tensor) -> Iterator[_Case]:
    as_they_come = torch.arange(len(pixels), device=pixels.device)
    by_brightness = pixels.mean((1, 2, 3)).argsort()
    channels = pixels.shape[-1]
    yield _Case("the training set", _scaling(*train, pixels).apply, as_they_come)
    yield _Case("the test set", _scaling(*channel_statistics(pixels), pixels).apply, as_they_come)
    yield _Case("each batch", _by_batch, as_they_come)
    yield _Case("each batch, images sorted by brightness", _by_batch, by_brightness)
    yield _Case("each image", ByImage().apply, as_they_come)
    yield _Case("none", _scaling([0.0] * channels, [1.0] * channels, pixels).apply, as_they_come)


def _scaling(mean: list[float], deviation: list[float], like: Tensor) -> Standardizer:
    def by_channel(values: list[float]) -> Tensor:
        return torch.tensor(values, dtype=torch.float32, device=like.device).view(-1, 1, 1)

    ratios = [-m / s for m, s in zip(mean, deviation, strict=True)]
    return Scaling(by_channel([1 / s for s in deviation]), by_channel(ratios))


def _by_batch(pixels: Tensor) -> Tensor:
    return _scaling(*channel_statistics(pixels), pixels).apply(pixels)


@torch.no_grad()
def _tested(training: Training, case: _Case, pixels: Tensor) -> _Found:
    training.model.eval()
    logits = []
    total, squares, count = 0.0, 0.0, 0
    together = max(1, BATCH.get(training.device.type, 1000) // NEIGHBOURS)
    batches = case.order.split(NEIGHBOURS)
    for first in range(0, len(batches), together):
        inputs = torch.cat([case.standardize(pixels[batch]) for batch in batches[first : first + together]])
        total += inputs.sum(dtype=torch.float64).item()
        squares += inputs.double().square().sum().item()
        count += inputs.numel()
        with training.precision():
            logits.append(training.model(inputs).float())
    by_image = torch.empty(len(pixels), logits[0].shape[1], device=pixels.device)
    by_image[case.order] = torch.cat(logits)
    labels = training.data.test.labels
    predictions = by_image.argmax(1)
    mean = total / count
    return _Found(
        loss=float(training.loss_function(by_image, labels)),
        top1=100 * (predictions == labels).double().mean().item(),
        mean=mean,
        deviation=max(0.0, squares / count - mean**2) ** 0.5,
        predictions=predictions,
    )


def _values(train: tuple[list[float], list[float]], test: tuple[list[float], list[float]], channels: int) -> Table:
    names = ("red", "green", "blue") if channels == 3 else tuple(f"channel {number + 1}" for number in range(channels))
    rows: list[tuple[Cell, ...]] = [
        (name, train[0][channel], test[0][channel], train[1][channel], test[1][channel])
        for channel, name in enumerate(names)
    ]
    headings = ("channel", "mean, training set", "mean, test set", "deviation, training set", "deviation, test set")
    columns = tuple(Column(name=heading) for heading in headings)
    return Table(name="statistics", note="Of pixels scaled to [0, 1].", columns=columns, rows=tuple(rows))


def _table(light: str, rows: list[tuple[str, _Found, float]]) -> Table:
    columns = (
        Column(name="statistics of"),
        Column(name="loss"),
        Column(name="top-1", unit="%"),
        Column(name="changed", unit="%"),
        Column(name="mean of the inputs"),
        Column(name="deviation of the inputs"),
    )
    note = (
        "Changed: test images that are taken for another class than with statistics of the training set. The network "
        f"learnt on inputs of mean 0 and deviation 1. A batch has {NEIGHBOURS} images."
    )
    cells: list[tuple[Cell, ...]] = [
        (name, found.loss, found.top1, changed, found.mean, found.deviation) for name, found, changed in rows
    ]
    return Table(name=f"test images {light}", note=note, columns=columns, rows=tuple(cells))


def _overview(top1: dict[str, list[float]], names: tuple[str, ...]) -> Grid:
    return Grid(
        name="top-1 under each",
        down=Axis(name="test images"),
        across=Axis(name="statistics of"),
        down_labels=tuple(top1),
        across_labels=names,
        values=tuple(tuple(values) for values in top1.values()),
        unit="%",
    )
