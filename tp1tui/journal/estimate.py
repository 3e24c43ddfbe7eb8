"""How long an epoch will take here, from what earlier runs took. A guess for the screen, nothing depends on it."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.summary import RunSummary
from tp1tui.spec.arithmetic import total_multiply_adds
from tp1tui.spec.experiment import Experiment

_RUNS = 40
"""How many of the newest runs are looked at."""


@dataclass(frozen=True)
class Pace:
    """How fast one run went."""

    device: str
    network: tuple[object, ...]
    """What the time of an image depends on, beside the device."""
    dataset: str
    multiply_adds: int
    """Of one example's forward pass."""
    seconds_per_image: float
    """Evaluation included."""


def paces(summaries: Iterable[RunSummary]) -> list[Pace]:
    """How fast the newest runs on this host went, newest first. Reads their experiments, so keep the list."""
    host = socket.gethostname()
    known = [run for run in summaries if run.epoch_seconds and run.device and run.host == host]
    found: list[Pace] = []
    for run in known[:_RUNS]:
        with suppress(RunFolderError):
            experiment = RunFolder(run.path).training_spec().experiment
            found.append(_pace(experiment, run.device or "", run.epoch_seconds or 0.0))
    return found


def seconds_per_epoch(experiment: Experiment, device: str, known: Iterable[Pace]) -> float | None:
    """What an epoch of an experiment will take, in seconds; None when no run tells.

    Args:
        experiment: What is to be trained.
        device: cpu, cuda, cuda:0, …; for auto, any that a run was on counts.
        known: Paces, newest first.
    """
    wanted = _pace(experiment, device, 0.0)
    images = experiment.sizes[0]
    near = [pace for pace in known if pace.dataset == wanted.dataset and _same_kind(device, pace.device)]
    for pace in near:
        if pace.network == wanted.network:
            return pace.seconds_per_image * images
    for pace in near:
        if pace.multiply_adds:
            return pace.seconds_per_image * images * wanted.multiply_adds / pace.multiply_adds
    return None


def seconds_in_all(experiments: Iterable[Experiment], device: str, known: Sequence[Pace]) -> float | None:
    """What several trainings will take one after the other, in seconds; None when no run tells of one of them."""
    seconds = 0.0
    for experiment in experiments:
        of_one = seconds_per_epoch(experiment, device, known)
        if of_one is None:
            return None
        seconds += of_one * experiment.epochs
    return seconds


def _same_kind(wanted: str, known: str) -> bool:
    """Whether a device is like one that a run was on; cuda:0 and cuda:1 are taken for equals."""
    return wanted == "auto" or wanted.partition(":")[0] == known.partition(":")[0]


def _pace(experiment: Experiment, device: str, epoch_seconds: float) -> Pace:
    multiply_adds = total_multiply_adds(experiment.layer_table())
    return Pace(
        device=device,
        network=(multiply_adds, experiment.batch_size, experiment.input_shape),
        dataset=experiment.dataset.kind,
        multiply_adds=multiply_adds,
        seconds_per_image=epoch_seconds / experiment.sizes[0],
    )
