"""What a start would cost: how many steps, how long here, and whether the dataset must be downloaded first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp1tui.spec.dataset import FACTS, DatasetKind
from tp1tui.spec.experiment import Experiment
from tp1tui.tui.text import count, duration

if TYPE_CHECKING:
    from tp1tui.data.store import DatasetStatus
    from tp1tui.tui.look import Look

_DOWNLOAD_MB: dict[DatasetKind, int] = {"cifar10": 170, "mnist": 12}
"""About; it depends on who has it."""


def before(experiment: Experiment, device: str, look: Look | None) -> tuple[str, ...]:
    """Sentences on what a start would cost.

    Args:
        experiment: As it would be started.
        device: auto, cpu, cuda or cuda:N.
        look: What is known of this machine; None while nobody has looked.
    """
    kind = experiment.dataset.kind
    data = _data(kind, look.data.get(kind) if look else None)
    return (data, _work(experiment, device, look)) if data else (_work(experiment, device, look),)


def _work(experiment: Experiment, device: str, look: Look | None) -> str:
    epochs = f"{experiment.epochs} epoch{'s' if experiment.epochs > 1 else ''}"
    batch = f"{count(experiment.steps_per_epoch)} step{'s' if experiment.steps_per_epoch > 1 else ''}"
    work = f"{epochs} of {batch} on device {device}"
    if look is None:
        return f"{work}."
    from tp1tui.journal.estimate import seconds_per_epoch

    seconds = seconds_per_epoch(experiment, device, look.paces)
    if seconds is None:
        return f"{work}; how long, a first run will tell."
    return f"{work}; about {duration(seconds * experiment.epochs)}."


def _data(kind: DatasetKind, status: DatasetStatus | None) -> str:
    title = FACTS[kind].title
    if kind == "circles":
        return "The circles are generated from the seed; no download."
    if kind == "digits":
        return "The digits come with scikit-learn; no download."
    if status is None:
        return ""
    megabytes = f"about {_DOWNLOAD_MB[kind]} MB"
    match status.state:
        case "ready":
            return f"{title} is here already; no download."
        case "partial":
            return f"{title} is here in part; a start goes on with the download, {megabytes} in all."
        case "missing":
            return f"{title} is not here yet; a start downloads it first, {megabytes}."
