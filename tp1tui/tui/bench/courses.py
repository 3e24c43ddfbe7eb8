"""The courses of the learning rate that a start would follow: one of a run, several of a sweep that varies them."""

from __future__ import annotations

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.preset import Preset, SweepPreset
from tp1tui.spec.sweep import Sweep, members

MATTERS = ("optimizer", "schedule", "epochs")
"""What of an experiment leads the learning rate."""


def courses(asked: Preset | None) -> dict[str, Experiment]:
    """An experiment for each course that differs from the others, by the name of the sweep's point.

    A sweep that leaves the learning rate alone has the one of its experiment, under an empty name, as a run has; a
    measure that trains nothing has none.
    """
    if asked is None or asked.experiment is None:
        return {}
    if not isinstance(asked, SweepPreset) or not _varies(asked.sweep):
        return {"": asked.experiment}
    found: dict[str, Experiment] = {}
    for member in members(asked.experiment, asked.sweep.model_copy(update={"seeds": 1})):
        if not any(_course(member.experiment) == _course(known) for known in found.values()):
            found[member.name] = member.experiment
    return found


def _varies(sweep: Sweep) -> bool:
    paths = [*sweep.fields, *(key for variant in sweep.variants for key in variant.experiment)]
    return any(path.partition(".")[0] in MATTERS for path in paths)


def _course(experiment: Experiment) -> tuple[object, ...]:
    return experiment.optimizer.lr, experiment.schedule, experiment.epochs
