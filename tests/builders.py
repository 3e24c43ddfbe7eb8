"""Run folders as a worker would have left them, without training: for everything that only looks at runs."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path

from tp1tui.journal.events import (
    Batches,
    Changed,
    Checkpoint,
    Epoch,
    Event,
    Failed,
    Finished,
    Paused,
    Preparing,
    Started,
)
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import RunLock
from tp1tui.journal.state import RunState
from tp1tui.journal.writer import JournalWriter
from tp1tui.settings import preset_dirs
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset_files import PresetLibrary

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
