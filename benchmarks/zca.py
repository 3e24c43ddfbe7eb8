"""ZCA whitening of CIFAR-10: its time, and training after it beside training without and beside the naive way.

The naive way is a loader that whitens each image when it is wanted: a product of its 3,072 numbers with the 3,072 by
3,072 matrix, image by image. All three train the same network with the same optimizer, batches and threads, in turn in
one process; ratios are of medians over rounds, so that other work on the machine weighs on all alike.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import cast

import torch

from benchmarks.report import Report
from benchmarks.timing import seconds_a_step, wait
from tp1tui import settings
from tp1tui.data.arrays import Bytes, Examples
from tp1tui.data.load import load
from tp1tui.data.store import Store
from tp1tui.data.whitened import whitened
from tp1tui.data.whitening import Whitening, fit
from tp1tui.engine.device import configure, resolve
from tp1tui.engine.loop import StepDone, train
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.inputs import ZcaStandardization
from tp1tui.spec.preset_files import PresetLibrary

ROUNDS = 7
SECONDS = 3.0
"""Of training, each side, each round."""
NAIVE_STEPS = 3
"""The naive way takes this many steps a round."""


def measure() -> Report:
    """The subject's network on whole images of the real CIFAR-10."""
    library = PresetLibrary(settings.preset_dirs())
    plain = with_changes(library.load(library.find("cd18-baseline")).experiment, ["epochs=100000"])
    zca = with_changes(plain, ["standardization={kind='zca', enabled=true}"])
    device = resolve("auto")
    configure(device, plain)
    examples = load(plain.dataset, plain.seed, Store(settings.data_dir()), lambda progress: None)
    report = Report("ZCA whitening of CIFAR-10 (seconds; images/s, ratios of medians)")
    white = _time_whitening(report, zca, examples, device)
    whitening = fit(cast("Bytes", examples.train_inputs), ZcaStandardization().epsilon, device)
    _time_training(report, Training(plain, examples, device), Training(zca, white, device), whitening)
    return report


def _time_whitening(report: Report, experiment: Experiment, examples: Examples, device: torch.device) -> Examples:
    with tempfile.TemporaryDirectory() as folder:
        times = []
        for _ in range(2):
            began = perf_counter()
            white = whitened(experiment, examples, device, Path(folder))
            wait()
            times.append(perf_counter() - began)
    threads = f"{torch.get_num_threads()} threads" if device.type == "cpu" else "a GPU"
    report.add("fitted, applied to 60,000 images and written", f"{times[0]:.1f} s on {threads}")
    report.add("opened and verified by a later run", f"{times[1]:.1f} s")
    return white


def _time_training(report: Report, plain: Training, zca: Training, whitening: Whitening) -> None:
    without, after = _step_of(plain), _step_of(zca)
    naive = _naive_step(plain, whitening)
    steps = max(3, round(SECONDS / seconds_a_step(without, 3)))
    times: tuple[list[float], list[float], list[float]] = ([], [], [])
    for _ in range(ROUNDS):
        times[0].append(seconds_a_step(without, steps))
        times[1].append(seconds_a_step(after, steps))
        times[2].append(seconds_a_step(naive, NAIVE_STEPS))
        plain.meter.fetch()
        zca.meter.fetch()
    without_rate, after_rate, naive_rate = (plain.experiment.batch_size / median(each) for each in times)
    report.add("training without", f"{without_rate:,.0f} images/s")
    report.add("training on whitened images", f"{after_rate:,.0f} images/s, ratio {after_rate / without_rate:.3f}")
    report.add("whitening each image as it is loaded", f"{naive_rate:,.0f} images/s, {naive_rate / without_rate:.3f}")


def _step_of(training: Training) -> Callable[[], None]:
    events = train(training)
    next(events)

    def step() -> None:
        training.model.train()
        while not isinstance(next(events), StepDone):
            pass

    return step


def _naive_step(training: Training, whitening: Whitening) -> Callable[[], None]:
    """One step on a batch whose images are whitened one by one."""
    images, labels = training.data.train.inputs, training.data.train.labels
    matrix, mean = whitening.matrix.float(), whitening.mean.float()
    plan = training.data.plan(1)
    number = 0

    def loaded(index: int) -> torch.Tensor:
        white = (images[index].flatten().float() / 255 - mean) @ matrix
        return white.view(images.shape[1:]).permute(2, 0, 1)

    def step() -> None:
        nonlocal number
        chosen = plan.examples(number % (len(plan) - 1))
        number += 1
        inputs = torch.stack([loaded(index) for index in chosen.tolist()]).to(memory_format=torch.channels_last)
        training.model.train()
        with training.precision():
            loss = training.loss_function(training.model(inputs), labels[chosen])
        training.implementation.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        training.implementation.optimizer.step()

    return step
