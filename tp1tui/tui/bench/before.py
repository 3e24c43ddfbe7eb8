"""What a start would cost: how many steps, how long here, and whether the dataset must be downloaded first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tp1tui import settings
from tp1tui.spec.dataset import FACTS, DatasetKind
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.numbers import count, duration, epoch_count
from tp1tui.spec.preset import MeasurePreset, Preset, RunPreset, SweepPreset
from tp1tui.tui.fetch_lines import DOWNLOAD_MB

if TYPE_CHECKING:
    from tp1tui.tui.device.reading import GpuReading
    from tp1tui.tui.look import Look

_WITHOUT_DATA = ("nothing", "network")
"""What a measure may need without reading a dataset."""
INSTANT = "Arithmetic alone: the results follow every edit of its fields."


class Before:
    """Sentences on what a start would cost, kept as long as the answer is the same."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._asked: tuple[object, ...] = ()
        self._said: tuple[str, ...] = ()

    def sentences(self, preset: Preset, device: str, look: Look | None) -> tuple[str, ...]:
        """What it would take.

        Args:
            preset: As it would be started.
            device: auto, cpu, cuda or cuda:N.
            look: What is known of this machine; None while nobody has looked.
        """
        known = (device, look and look.paces, look and look.data)
        if not self._asked or preset is not self._asked[0] or known != self._asked[1:]:
            self._said = before(preset, device, look)
            self._asked = (preset, *known)
        instant = isinstance(preset, MeasurePreset) and preset.measure.instant
        held = "" if instant or look is None else held_before(device, look.gpus)
        return (held, *self._said) if held else self._said


def held_before(device: str, gpus: Sequence[GpuReading]) -> str:
    """A sentence on other users' processes on the GPU that a start would take; empty where there are none.

    Args:
        device: auto, cpu, cuda or cuda:N.
        gpus: As they were last seen.
    """
    if device == "cpu" or not gpus:
        return ""
    from tp1tui.tui.device.others import gpu_of, held_by_others

    gpu = gpu_of(gpus, device if ":" in device else "cuda:0", settings.visible_gpus(), None)
    return held_by_others(gpu) if gpu else ""


def before(preset: Preset, device: str, look: Look | None) -> tuple[str, ...]:
    """The same, found anew: of a sweep that takes all of its members to be laid out; for the arguments see `Before`."""
    if isinstance(preset, MeasurePreset) and preset.measure.instant:
        return (INSTANT,)
    kind = needed(preset)
    data = _data(kind, look) if kind else ""
    return tuple(filter(None, (data, _work(preset, device, look))))


def needed(preset: Preset) -> DatasetKind | None:
    """The dataset that a start reads; None for what reads none."""
    if preset.experiment is None or (isinstance(preset, MeasurePreset) and preset.measure.needs in _WITHOUT_DATA):
        return None
    return preset.experiment.dataset.kind


def _work(preset: Preset, device: str, look: Look | None) -> str:
    match preset:
        case RunPreset(experiment=experiment):
            return _training(f"{epoch_count(experiment.epochs)} of {_steps(experiment)}", [experiment], device, look)
        case SweepPreset():
            experiments = [member.experiment for member in preset.members()]
            return _training(_runs(experiments), experiments, device, look)
        case MeasurePreset(experiment=Experiment() as experiment) if preset.trains:
            work = f"First {epoch_count(experiment.epochs)} of {_steps(experiment)}"
            return _training(work, [experiment], device, look, "; then it is measured")
    return f"Nothing is trained first; computed on device {device}."


def _training(what: str, experiments: list[Experiment], device: str, look: Look | None, then: str = "") -> str:
    work = f"{what} on device {device}"
    if look is None:
        return f"{work}{then}."
    from tp1tui.journal.estimate import seconds_in_all

    seconds = seconds_in_all(experiments, device, look.paces)
    if seconds is None:
        return f"{work}; how long, a first run will tell{then}."
    return f"{work}; {f'about {duration(seconds)}' if seconds >= 1 else 'less than a second'}{then}."


def _runs(experiments: list[Experiment]) -> str:
    """18 runs of 20 epochs."""
    epochs = sorted({experiment.epochs for experiment in experiments})
    each = f"{epochs[0]} to {epochs[-1]} epochs" if len(epochs) > 1 else epoch_count(experiments[0].epochs)
    return f"{len(experiments)} run{'s' if len(experiments) > 1 else ''} of {each}"


def _steps(experiment: Experiment) -> str:
    return f"{count(experiment.steps_per_epoch)} step{'s' if experiment.steps_per_epoch > 1 else ''}"


def _data(kind: DatasetKind, look: Look | None) -> str:
    status = look.data.get(kind) if look else None
    title = FACTS[kind].title
    if kind == "circles":
        return "The circles are generated from the seed; no download."
    if kind == "digits":
        return "The digits come with scikit-learn; no download."
    if status is None:
        return ""
    megabytes = f"about {DOWNLOAD_MB[kind]} MB"
    match status.state:
        case "ready":
            return f"{title} is here already; no download."
        case "partial":
            return f"{title} is here in part; a start goes on with the download, {megabytes} in all."
        case "missing":
            return f"{title} is not here yet; a start downloads it first, {megabytes}."
