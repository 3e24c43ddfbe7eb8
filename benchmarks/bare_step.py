"""The training loop against the bare forward, backward and step on one batch that is there already.

Both train the same network with the same optimizer, layout, batch size and threads, in turn in one process; the bare
step runs the layers as the table has them. The ratio is of medians over rounds, so that other work on the machine
weighs on both alike.
"""

from __future__ import annotations

from statistics import median

import torch

from benchmarks.noise import noise
from benchmarks.report import Report
from benchmarks.timing import seconds_a_step
from tp1tui import settings
from tp1tui.engine.device import configure, resolve
from tp1tui.engine.loop import StepDone, train
from tp1tui.engine.model import build
from tp1tui.engine.optimizer import build_optimizer
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.preset_files import PresetLibrary

ROUNDS = 9
SECONDS = 4.0
"""Of each side, each round."""
FEW = 10
"""Test images: so few that measuring takes no time to speak of where an epoch ends within a round."""


def measure() -> Report:
    """The subject's network on whole images, with crops and mirror images, and with all that cd34 adds."""
    report = Report("training against the bare step (images/s; ratio of medians)")
    library = PresetLibrary(settings.preset_dirs())
    for preset in ("cd18-baseline", "cd22-crop-mirror", "cd34-batchnorm"):
        experiment = library.load(library.find(preset)).experiment
        ours, bare = rates(with_changes(experiment, ["epochs=100000"]))
        report.add(preset, f"ours {ours:,.0f}, bare {bare:,.0f}, ratio {ours / bare:.3f}")
    return report


def rates(experiment: Experiment, rounds: int = ROUNDS, seconds: float = SECONDS) -> tuple[float, float]:
    """Images/s of our loop and of the bare step, medians over rounds.

    Args:
        experiment: With more epochs than are ever done.
        rounds: How often both are timed in turn.
        seconds: Of each side, each round.
    """
    device = resolve("auto")
    configure(device, experiment)
    training = Training(experiment, noise(FEW), device)
    events = train(training)
    next(events)

    def our_step() -> None:
        while not isinstance(next(events), StepDone):
            pass

    inputs, targets = training.data.training_batch(training.data.plan(1), 0)
    network = build(experiment).to(device, memory_format=torch.channels_last)
    optimizer = build_optimizer(experiment.optimizer, network.parameters())

    def bare_step() -> None:
        optimizer.zero_grad(set_to_none=True)
        with training.precision():
            loss = training.loss_function(network(inputs), targets)
        loss.backward()
        optimizer.step()

    steps = max(3, round(seconds / seconds_a_step(bare_step, 5)))
    ours, bare = [], []
    for _ in range(rounds):
        training.model.train()
        ours.append(seconds_a_step(our_step, steps))
        training.meter.fetch()
        bare.append(seconds_a_step(bare_step, steps))
    size = experiment.batch_size
    return size / median(ours), size / median(bare)
