"""Run folders as a worker would have left them, without training: for everything that only looks at runs."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from pathlib import Path
from typing import Literal
from unittest.mock import patch

from tp1tui.journal.events import (
    Batches,
    Changed,
    Checkpoint,
    Epoch,
    Event,
    Failed,
    Finished,
    Measured,
    Paused,
    Preparing,
    Started,
)
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import RunLock
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import put_in_line
from tp1tui.journal.writer import JournalWriter
from tp1tui.settings import preset_dirs
from tp1tui.spec.asking import edited, frozen, values_of, varied
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.frozen import MeasureSpec, RunSpec, SweepSpec
from tp1tui.spec.measure import LinearClassifiers, Statistics
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.spec.results import Axis, Column, Grid, Line, Result, Series, Table, Text

BEGIN = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
"""When the run of seed 0 was asked for; each further seed is a minute later."""
IMAGES_PER_S = 2000.0
STRETCH = 50
"""Batches in one line of the journal."""

_held: dict[Path, RunLock] = {}


def make_run(
    runs_dir: Path,
    preset: str = "cd18-baseline",
    epochs: int = 12,
    state: RunState = "finished",
    seed: int = 0,
    settings: Sequence[str] = (),
    host: str = "lab",
) -> RunFolder:
    """A run folder with plausible curves, the same at every call.

    A run that is not finished has gone through half of its epochs and a bit of the next. For one that is running or
    paused, this process holds the lock until it ends or `let_go` is called.

    Args:
        runs_dir: Where to.
        preset: Its id, or the beginning of one.
        epochs: How many the experiment has.
        state: What the run is to be doing.
        seed: Of the noise; also part of the id.
        settings: As `--set` takes them.
        host: Where it claims to have run.
    """
    spec = run_spec(preset, [f"epochs={epochs}", f"seed={seed}", *settings])
    begin = BEGIN + timedelta(minutes=seed)
    made = RunFolder.create(runs_dir, spec, begin)
    suffix = "".join(random.Random(f"{preset} {state} {seed}").choices("abcdefghijkmnpqrstuvwxyz23456789", k=4))
    folder = RunFolder(made.path.rename(made.path.with_name(f"{made.id[:-4]}{suffix}")))
    if state == "queued":
        return folder
    with JournalWriter(folder.journal_path) as journal:
        for event in events(spec.experiment, state, begin.timestamp(), host):
            journal.append(event)
    if state in ("running", "paused"):
        lock = _held[folder.path] = RunLock(folder)
        lock.acquire()
    return folder


def make_first_steps(runs_dir: Path) -> RunFolder:
    """A run that has begun with its first 50 batches, while its untrained network is still being measured."""
    folder = make_run(runs_dir, epochs=30, state="queued")
    started, preparing, _, batches = islice(events(folder.training_spec().experiment, "running", BEGIN.timestamp()), 4)
    how_far = "measuring the untrained network: 12,500 of 20,000 examples"
    with JournalWriter(folder.journal_path) as journal:
        for event in (started, preparing, batches, Preparing(time=batches.time, step=batches.step, what=how_far)):
            journal.append(event)
    lock = _held[folder.path] = RunLock(folder)
    lock.acquire()
    return folder


MemberState = RunState | Literal["diverged"]
"""What a member of a made sweep is to be doing; one that diverged is finished, its losses not finite."""
RATES = "optimizer.lr=0.003,0.02,1,0.05,0.1"


def make_sweep(
    runs_dir: Path,
    preset: str = "digits",
    vary: Sequence[str] = (RATES,),
    states: Sequence[MemberState] = ("finished", "finished", "diverged", "running", "queued"),
    seeds: int = 1,
    epochs: int = 12,
    number: int = 0,
) -> SweepFolder:
    """A sweep with its members, each somewhat worse than the one before; the same at every call.

    Queued members wait in line. For running and paused ones, this process holds the lock (see `make_run`).

    Args:
        runs_dir: Where to.
        preset: Its id, or the beginning of one.
        vary: Fields with their values, as `--vary` takes them.
        states: Of the members, in the sweep's order; the last one stands for all that follow.
        seeds: Runs of every point.
        epochs: How many each member has.
        number: Of several sweeps in one folder; each is an hour later.
    """
    begin = BEGIN + timedelta(hours=number)
    with patch("tp1tui.journal.folder.secrets.choice", lambda characters: characters[7]):
        sweep = SweepFolder.create(runs_dir, sweep_spec(preset, vary, seeds, [f"epochs={epochs}"]), begin)
    for place, (_, folder) in enumerate(sweep.runs()):
        state = states[min(place, len(states) - 1)]
        if state == "queued":
            put_in_line(folder, "cpu", place)
            continue
        experiment = folder.training_spec().experiment
        with JournalWriter(folder.journal_path) as journal:
            began = begin.timestamp() + 60 * place
            for event in events(experiment, "finished" if state == "diverged" else state, began):
                journal.append(_diverged(event) if state == "diverged" else _worse(event, place))
        if state in ("running", "paused"):
            lock = _held[folder.path] = RunLock(folder)
            lock.acquire()
    return sweep


def sweep_spec(preset: str, vary: Sequence[str], seeds: int = 1, settings: Sequence[str] = ()) -> SweepSpec:
    """What a sweep of a preset is asked to do."""
    library = PresetLibrary(preset_dirs())
    file = library.find(preset)
    page = library.load(file)
    spec = frozen(file.id, page, varied(edited(page, settings), dict(map(values_of, vary)), seeds))
    assert isinstance(spec, SweepSpec)
    return spec


def let_go_of(sweep: SweepFolder) -> None:
    """Free the locks of all members, as if their workers had died."""
    for _, folder in sweep.runs():
        if folder.path in _held:
            let_go(folder)


def _worse(event: Event, place: int) -> Event:
    if isinstance(event, Epoch):
        part = 1 - 0.04 * place
        return event.model_copy(
            update={
                "train_loss": event.train_loss / part,
                "test_loss": event.test_loss / part,
                "train_top1": event.train_top1 * part,
                "test_top1": event.test_top1 * part,
            }
        )
    return event


def _diverged(event: Event) -> Event:
    if isinstance(event, Epoch) and event.epoch:
        loss = 2.3 * 40.0**event.epoch if event.epoch < 4 else math.nan
        return event.model_copy(
            update={"train_loss": loss, "test_loss": loss, "train_top1": 10.0, "test_top1": 10.0, "test_top5": 50.0}
        )
    if isinstance(event, Batches) and event.first_step > 100:
        return event.model_copy(update={"losses": [math.nan] * len(event.losses)})
    return event


def held() -> frozenset[Path]:
    """Folders of the runs that this process holds the locks of."""
    return frozenset(_held)


def let_go(folder: RunFolder) -> None:
    """Free the lock of a run that was made running or paused, as if its worker had died."""
    _held.pop(folder.path).release()


def run_spec(preset: str = "cd18-baseline", settings: Sequence[str] = ()) -> RunSpec:
    """What a run of a preset is asked to do."""
    library = PresetLibrary(preset_dirs())
    file = library.find(preset)
    page = library.load(file)
    return RunSpec.of(file.id, page, with_changes(page.experiment, settings))


def events(experiment: Experiment, state: RunState, begin: float, host: str = "lab") -> Iterator[Event]:
    """What the journal of a run in this state holds."""
    whole = _whole_run(experiment, begin, host)
    if state == "finished":
        yield from whole
        return
    steps = experiment.steps_per_epoch
    stop_at = steps * (experiment.epochs // 2) + min(steps // 3, 2 * STRETCH)
    last: Event = Preparing(time=begin, step=0, what="Measuring the untrained network")
    for event in takewhile(lambda event: event.step <= stop_at, whole):
        yield event
        last = event
    time, step = last.time + 0.1, last.step
    match state:
        case "paused":
            yield Paused(time=time, step=step)
        case "stopped":
            yield Finished(time=time, step=step, outcome="stopped")
        case "failed":
            yield Failed(time=time, step=step, reason="The GPU ran out of memory. Take a smaller batch_size.")
        case _:
            pass


def _whole_run(experiment: Experiment, begin: float, host: str) -> Iterator[Event]:
    noise = random.Random(experiment.seed)
    steps, images = experiment.steps_per_epoch, experiment.sizes[0]
    yield Started(
        time=begin + 1,
        step=0,
        pid=4242,
        host=host,
        user="ada",
        device="cpu",
        device_name="A test's processor",
        threads=2,
        versions={"python": "3.11.7", "torch": "2.9.0", "tp1tui": "0.1.0"},
        steps_per_epoch=steps,
        epochs=experiment.epochs,
    )
    yield Preparing(time=begin + 1.5, step=0, what="Measuring the untrained network")
    epoch_seconds = images / IMAGES_PER_S + 2
    yield _epoch(experiment, 0, begin + 3, 2.0, noise)
    flip_at = steps * (experiment.epochs // 3) + steps // 2
    for number in range(1, experiment.epochs + 1):
        epoch_begin = begin + 3 + (number - 1) * epoch_seconds
        for first in range(1, steps + 1, STRETCH):
            last = min(first + STRETCH - 1, steps)
            time = epoch_begin + (epoch_seconds - 2) * last / steps
            done = (number - 1) * steps
            yield _batches(experiment, done + first, done + last, time, noise)
            if experiment.model.has("dropout") and done + first <= flip_at < done + last + 1:
                yield _flip(experiment, time, done + last)
        end = epoch_begin + epoch_seconds
        yield _epoch(experiment, number, end, 2 + number * epoch_seconds, noise)
        yield Checkpoint(time=end + 0.01, step=number * steps, file="last", epoch=number)
    yield Finished(time=end + 0.02, step=experiment.epochs * steps, outcome="finished")


def _flip(experiment: Experiment, time: float, step: int) -> Changed:
    old = experiment.dropout.enabled
    return Changed(
        time=time, step=step, switch="dropout", old=old, new=not old, epoch=step / experiment.steps_per_epoch
    )


def _batches(experiment: Experiment, first: int, last: int, time: float, noise: random.Random) -> Batches:
    losses = [
        _train_loss(step / experiment.steps_per_epoch) * noise.uniform(0.8, 1.2) for step in range(first, last + 1)
    ]
    return Batches(
        time=time,
        step=last,
        first_step=first,
        losses=losses,
        top1=[min(100.0, _top1(loss) * noise.uniform(0.95, 1.05)) for loss in losses],
        images_per_s=IMAGES_PER_S * noise.uniform(0.95, 1.05),
    )


def _epoch(experiment: Experiment, number: int, time: float, elapsed: float, noise: random.Random) -> Epoch:
    train_loss = _train_loss(max(0.0, number - 0.5))
    test_loss = _test_loss(number) * noise.uniform(0.98, 1.02)
    test_top1 = _top1(_test_loss(min(number, 12)))
    return Epoch(
        time=time,
        step=number * experiment.steps_per_epoch,
        epoch=number,
        train_loss=train_loss,
        train_top1=_top1(train_loss),
        train_top5=_top5(_top1(train_loss)),
        test_loss=test_loss,
        test_top1=test_top1 * noise.uniform(0.99, 1.01),
        test_top5=_top5(test_top1),
        lr=experiment.optimizer.lr,
        images_per_s=IMAGES_PER_S,
        seconds=elapsed / max(1, number),
        elapsed=elapsed,
        augmentation=experiment.augmentation.enabled,
        dropout=experiment.dropout.enabled != (number > experiment.epochs // 3 and experiment.model.has("dropout")),
    )


def _train_loss(epoch: float) -> float:
    """Falls to 0: the network learns its images by heart."""
    return 2.303 * math.exp(-epoch / 7)


def _test_loss(epoch: float) -> float:
    """Falls until about epoch 10, then rises."""
    return 0.9 + 1.403 * math.exp(-epoch / 2.5) + 0.0015 * epoch**2


def _top1(loss: float) -> float:
    """Percent; 10 at the loss of guessing among ten classes."""
    return min(100.0, max(0.0, 100 - 90 * (max(0.0, loss) / 2.303) ** 1.4))


def _top5(top1: float) -> float:
    return 100 - (100 - top1) * 0.5


def make_measure(
    runs_dir: Path,
    state: RunState = "finished",
    seed: int = 0,
    *,
    training: bool = False,
    results: Sequence[Result] | None = None,
) -> RunFolder:
    """The run folder of a measure with results of all four shapes; for one that is not finished, with half of them.

    Args:
        runs_dir: Where to.
        state: What it is to be doing; for one that is running, this process holds the lock.
        seed: Of the numbers; also part of the id.
        training: Whether it trains a network of two epochs first.
        results: What it finds; `some_results` when None.
    """
    spec = measure_spec(training=training)
    begin = BEGIN + timedelta(minutes=seed)
    made = RunFolder.create(runs_dir, spec, begin)
    suffix = "".join(random.Random(f"{spec.preset} {state} {seed}").choices("abcdefghijkmnpqrstuvwxyz23456789", k=4))
    folder = RunFolder(made.path.rename(made.path.with_name(f"{made.id[:-4]}{suffix}")))
    if state == "queued":
        return folder
    with JournalWriter(folder.journal_path) as journal:
        found = some_results(seed) if results is None else results
        for event in _measure_events(spec, state, begin.timestamp(), found):
            journal.append(event)
    if state in ("running", "paused"):
        lock = _held[folder.path] = RunLock(folder)
        lock.acquire()
    return folder


def measure_spec(*, training: bool = False) -> MeasureSpec:
    """What a measure is asked to do."""
    settings = ["epochs=2", "standardization.kind=channel", "standardization.enabled=true"]
    return MeasureSpec(
        preset="cd20-statistics" if training else "cd12-linear-svm",
        title="statistics swapped at test" if training else "a linear SVM on pixels",
        question="What does it take from the network?" if training else "How far does a linear classifier get?",
        measure=Statistics() if training else LinearClassifiers(),
        experiment=run_spec("cd18", settings).experiment,
    )


def some_results(seed: int = 0) -> tuple[Result, ...]:
    """One or two of each shape, the same at every call."""
    noise = random.Random(seed)
    sides = (4000, 8000, 16_000, 32_000)
    test = tuple(30 + 10 * math.log10(side / 1000) + noise.random() for side in sides)
    return (
        Table(
            name="accuracy by classifier",
            note="Trained on the first 5000 images, tested on all 10,000.",
            columns=(
                Column(name="classifier"),
                Column(name="weights"),
                Column(name="train top-1", unit="%"),
                Column(name="test top-1", unit="%"),
                Column(name="time", unit="s"),
            ),
            rows=(
                ("linear SVM on pixels", 30_730, 61.93, 29.4, 71.2),
                ("the convolutional network", 1_191_170, 99.1, 72.35, 812.0),
                ("guessing", 0, 10.0, 10.0, None),
            ),
        ),
        Series(
            name="test top-1 over training images",
            x=Axis(name="training images", scale="log"),
            y=Axis(name="test top-1", unit="%"),
            lines=(
                Line(name="linear SVM", x=sides, y=test, spread=(1.0, 0.8, 0.5, 0.4)),
                Line(name="network", x=sides, y=tuple(value + 25 for value in test)),
            ),
        ),
        Grid(
            name="confusion matrix",
            down=Axis(name="true class"),
            across=Axis(name="predicted class"),
            down_labels=CLASSES,
            across_labels=CLASSES,
            values=tuple(
                tuple(float(noise.randint(500, 900) if row == at else noise.randint(0, 80)) for at in range(10))
                for row in range(10)
            ),
            unit="images",
        ),
        *(_template(name, number) for number, name in enumerate(CLASSES[:3])),
        Text(name="in words", text="The SVM has one template a class.\nIt sees colours, not shapes."),
    )


CLASSES = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def _template(name: str, number: int) -> Grid:
    """A picture of 32x32 pixels that changes from corner to corner."""
    return Grid(
        name=f"template of {name}",
        group="templates",
        content="colours",
        down=Axis(name="y", unit="px"),
        across=Axis(name="x", unit="px"),
        values=tuple(tuple(float((y * 8) << 16 | (x * 8) << 8 | number * 100) for x in range(32)) for y in range(32)),
    )


def _measure_events(spec: MeasureSpec, state: RunState, begin: float, results: Sequence[Result]) -> Iterator[Event]:
    step, time = 0, begin + 1
    if spec.training:
        for event in _whole_run(spec.training.experiment, begin, "lab"):
            if not isinstance(event, Finished):
                step, time = event.step, event.time
                yield event
    else:
        yield Started(
            time=time,
            step=0,
            pid=4242,
            host="lab",
            user="ada",
            device="cpu",
            device_name="A test's processor",
            threads=2,
            versions={"python": "3.11.7"},
            steps_per_epoch=1,
            epochs=1,
        )
    found = list(results) if state == "finished" else list(results)[: len(results) // 2]
    for number, result in enumerate(found, start=1):
        yield Measured(time=time + number, step=step, result=result)
    end = time + len(found) + 1
    match state:
        case "running":
            yield Preparing(time=end, step=step, what="training the SVM on 5000 images")
        case "stopped":
            yield Finished(time=end, step=step, outcome="stopped")
        case "failed":
            yield Failed(time=end, step=step, reason="CIFAR-10 cannot be downloaded.")
        case "finished":
            yield Finished(time=end, step=step, outcome="finished")
        case _:
            pass
