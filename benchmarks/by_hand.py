"""Circles by hand: the training loop against the loop of a notebook.

The notebook's loop takes one small tensor operation after another and fetches loss and accuracy of every batch to write
them down. Both train the same network in batches of the same size, in turn in one process, with all that belongs to an
epoch: its order, and its evaluation on the test points. Ratios are of medians over rounds, so that other work on the
machine weighs on both alike.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch
from torch import Tensor

from benchmarks.report import Report
from tp1tui import settings
from tp1tui.data.circles import circles
from tp1tui.engine.device import configure
from tp1tui.engine.loop import EpochMeasured, train
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.preset_files import PresetLibrary

ROUNDS = 15
EPOCHS = 50
"""Of each side, each round."""
FETCHED_EVERY = 40
"""Epochs between two looks at the meter: a worker looks five times a second."""
CPU = torch.device("cpu")


def measure() -> Report:
    """Steps a second of ab2.1, and of its three siblings."""
    library = PresetLibrary(settings.preset_dirs())
    by_hand = library.load(library.find("ab2.1-circles-by-hand")).experiment
    experiment = with_changes(by_hand, ["epochs=1000000"])
    configure(CPU, experiment)
    sides = {"the notebook's loop": _notebook(experiment), "by-hand": _ours(experiment)}
    for name in ("autograd", "torch.nn", "torch.optim"):
        sides[name] = _ours(with_changes(experiment, [f"implementation={name!r}"]))
    steps = EPOCHS * experiment.steps_per_epoch
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, epochs in sides.items():
            began = perf_counter()
            epochs(EPOCHS)
            seconds[name].append(perf_counter() - began)
    rates = {name: steps / median(times) for name, times in seconds.items()}
    report = Report("circles by hand (steps/s, evaluation of every epoch included; ratio of medians)")
    notebook = rates["the notebook's loop"]
    for name, rate in rates.items():
        report.add(name, f"{rate:,.0f}, ratio {rate / notebook:.3f}")
    return report


def _ours(experiment: Experiment) -> Callable[[int], None]:
    """The loop as a worker drives it, some epochs at a time."""
    training = Training(experiment, circles(experiment.seed), CPU)
    measured = (event.epoch for event in train(training) if isinstance(event, EpochMeasured))
    next(measured)

    def epochs(number: int) -> None:
        for _, epoch in zip(range(number), measured, strict=False):
            if epoch % FETCHED_EVERY == 0:
                training.meter.fetch()

    return epochs


def _notebook(experiment: Experiment) -> Callable[[int], None]:
    """The same training as a student's first loop has it."""
    points = circles(experiment.seed)
    train_x, train_y = torch.tensor(points.train_inputs), torch.eye(2)[torch.tensor(points.train_labels).long()]
    test_x, test_y = torch.tensor(points.test_inputs), torch.eye(2)[torch.tensor(points.test_labels).long()]
    hidden, size, eta = 10, experiment.batch_size, experiment.optimizer.lr
    wh, bh = 0.3 * torch.randn(hidden, 2), torch.zeros(hidden)
    wy, by = 0.3 * torch.randn(2, hidden), torch.zeros(2)
    losses: list[float] = []
    accuracies: list[float] = []

    def forward(x: Tensor) -> tuple[Tensor, Tensor]:
        h = torch.tanh(torch.mm(x, wh.t()) + bh)
        scores = torch.exp(torch.mm(h, wy.t()) + by)
        return h, scores / scores.sum(1, keepdim=True)

    def note(yhat: Tensor, y: Tensor) -> None:
        losses.append(-(y * torch.log(yhat)).sum(1).mean().item())
        accuracies.append((yhat.argmax(1) == y.argmax(1)).float().mean().item())

    def step(x: Tensor, y: Tensor) -> None:
        nonlocal wh, bh, wy, by
        h, yhat = forward(x)
        note(yhat, y)
        dy = (yhat - y) / len(x)
        dh = torch.mm(dy, wy) * (1 - h**2)
        wy, by = wy - eta * torch.mm(dy.t(), h), by - eta * dy.sum(0)
        wh, bh = wh - eta * torch.mm(dh.t(), x), bh - eta * dh.sum(0)

    def epochs(number: int) -> None:
        for _ in range(number):
            order = torch.randperm(len(train_x))
            x, y = train_x[order], train_y[order]
            for start in range(0, len(x), size):
                step(x[start : start + size], y[start : start + size])
            note(forward(test_x)[1], test_y)
        losses.clear()
        accuracies.clear()

    return epochs
