"""Eight members of a sweep that train together against the same eight one after the other, in turn in one process.

First the loop alone, evaluation of every epoch included: the steps that all members make in a second. Then whole
runs, as a worker does them, with journals, checkpoints and looks at the network. What comes on top of the latter for
runs one by one, a process and torch's import for each, is left out.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.noise import noise
from benchmarks.report import Report
from benchmarks.timing import wait
from tp1tui import settings
from tp1tui.data.load import load
from tp1tui.data.store import Store
from tp1tui.engine.device import configure, resolve
from tp1tui.engine.loop import EpochMeasured, StepDone, train
from tp1tui.engine.stack import Member, Stack
from tp1tui.engine.stacked_loop import EpochsMeasured, train_together
from tp1tui.engine.training import Training
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.tickets import put_in_line
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset import RunPreset
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.worker import together
from tp1tui.worker.main import work_on

MEMBERS = 8
ROUNDS = 7
SECONDS = 3.0
"""Of each side, each round."""
ENDLESS = "epochs=100000"
FEW = 200
"""Examples of CIFAR-10's size, so that an epoch with small batches is short."""
LOOPS: dict[str, tuple[str, ...]] = {
    "ab2.4-circles-torch-optim": (ENDLESS,),
    "digits": (ENDLESS, "dropout.enabled=true"),
    "cd18-baseline": (ENDLESS, "batch_size=8", f"dataset.train_examples={FEW}", f"dataset.test_examples={FEW}"),
}
"""Presets, and what is changed."""
WHOLE: dict[str, tuple[str, ...]] = {"ab2.4-circles-torch-optim": ("epochs=100",), "digits": ("epochs=5",)}


def measure(rounds: int = ROUNDS, seconds: float = SECONDS) -> Report:
    """Ratio of medians, of the loop and of whole runs.

    Args:
        rounds: How often both sides' loops are timed in turn; whole runs half as often.
        seconds: Of each side, each round.
    """
    report = Report(f"{MEMBERS} members of a sweep together, against one after the other")
    for preset, changes in LOOPS.items():
        alone, stacked = _steps_per_s(with_changes(_preset(preset).experiment, changes), rounds, seconds)
        report.add(
            f"{preset}, loop", f"together {stacked:,.0f} steps/s, alone {alone:,.0f}, ratio {stacked / alone:.2f}"
        )
    for preset, changes in WHOLE.items():
        alone, stacked = _seconds(preset, changes, max(1, rounds // 2))
        report.add(f"{preset}, runs", f"together {stacked:.1f} s, alone {alone:.1f} s, ratio {alone / stacked:.2f}")
    return report


def _preset(name: str) -> RunPreset:
    library = PresetLibrary(settings.preset_dirs())
    preset = library.load(library.find(name))
    if not isinstance(preset, RunPreset):
        raise TypeError(f"{name} is not a run")
    return preset


def _steps_per_s(base: Experiment, rounds: int, seconds: float) -> tuple[float, float]:
    """Of all members: one after the other, and together."""
    gc.collect()  # the trainings before, so that none of their recordings goes while others are timed
    device = resolve("auto")
    configure(device, base)
    asked = [with_changes(base, [f"seed={seed}"]) for seed in range(MEMBERS)]
    store = Store(settings.data_dir())
    is_noise = base.dataset.kind == "cifar10"
    examples = [
        noise(FEW).first(FEW, FEW) if is_noise else load(one.dataset, one.seed, store, lambda _: None) for one in asked
    ]
    trainings = [Training(*pair, device) for pair in zip(asked, examples, strict=True)]
    members = [Member(*pair, device) for pair in zip(asked, examples, strict=True)]
    in_turn = [_steps(training) for training in trainings]
    at_once = _steps_of_all(members)
    alone, stacked = [], []
    for _ in range(rounds):
        alone.append(median(_rate(lambda steps=steps: next(steps), seconds / MEMBERS) for steps in in_turn))
        stacked.append(MEMBERS * _rate(lambda: next(at_once), seconds))
    return median(alone), median(stacked)


def _steps(training: Training) -> Iterator[None]:
    """Once after every step; losses are fetched epoch by epoch."""
    for event in train(training):
        if isinstance(event, StepDone):
            yield
        elif isinstance(event, EpochMeasured):
            training.meter.fetch()


def _steps_of_all(members: Sequence[Member]) -> Iterator[None]:
    for event in train_together(Stack(members)):
        if isinstance(event, StepDone):
            yield
        elif isinstance(event, EpochsMeasured):
            for member in members:
                member.meter.fetch()


def _rate(step: Callable[[], object], seconds: float) -> float:
    """Calls a second, for so many seconds."""
    step()
    wait()
    began, calls = perf_counter(), 0
    while perf_counter() - began < seconds:
        step()
        calls += 1
    wait()
    return calls / (perf_counter() - began)


def _seconds(preset: str, changes: Sequence[str], rounds: int) -> tuple[float, float]:
    """From the first run's begin to the last one's end: one after the other, and together."""
    alone, stacked = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as runs:
            one_by_one, at_once = (_waiting(Path(runs), preset, changes) for _ in range(2))
            began = perf_counter()
            for folder in one_by_one:
                if work_on(folder.path, "auto"):
                    raise RuntimeError(f"{folder.path} did not end as it should")
            alone.append(perf_counter() - began)
            began = perf_counter()
            _work_together(at_once)
            stacked.append(perf_counter() - began)
    return median(alone), median(stacked)


def _waiting(runs_dir: Path, preset: str, changes: Sequence[str]) -> list[RunFolder]:
    asked, now = _preset(preset), datetime.now().astimezone()
    folders = []
    for seed in range(MEMBERS):
        experiment = with_changes(asked.experiment, [*changes, f"seed={seed}"])
        folders.append(RunFolder.create(runs_dir, RunSpec.of(preset, asked, experiment), now))
        put_in_line(folders[-1], "auto", seed)
    return folders


def _work_together(folders: Sequence[RunFolder]) -> None:
    """Do as their worker does."""
    with ExitStack() as held:
        taken = [one for folder in folders if (one := together.take(folder.path, held)) is not None]
        if len(taken) < len(folders) or together.work(taken, "auto"):
            raise RuntimeError(f"those in {folders[0].path.parent} did not end as they should")
