"""The report's experiments as one sweep: each a variant, with its own figures of the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tp1tui.spec.asking import varied
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import Fault, Misfit, SpecError
from tp1tui.spec.optimizer import Constant, MultiStep, Schedule, Step
from tp1tui.spec.preset import Preset, RunPreset, SweepPreset
from tp1tui.spec.report import Report
from tp1tui.spec.sweep import Sweep, Variant, members

LONGEST_NAME = 40


def has_figures(preset: Preset) -> bool:
    """Whether a preset is one training for which the report has an accuracy."""
    return isinstance(preset, RunPreset) and (preset.report.train_top1 or preset.report.test_top1) is not None


def reproduction(presets: Sequence[tuple[str, RunPreset]], seeds: int, epochs: int | None) -> SweepPreset:
    """A sweep of experiments of the report.

    Args:
        presets: Id and preset of each, at least one.
        seeds: Runs of each.
        epochs: No experiment is longer; each as long as its preset says when None. Its figures of the report still
            are those after the epochs that the report names, and learning rates fall after the epochs that they would.
            Schedules that are shaped by the run's length (cosine, one-cycle) are those of the shorter run.

    Raises:
        SpecError: Fewer epochs or so many seeds are not possible, or the experiments fit into no sweep together.
    """
    wanted = [_shortened(name, preset, epochs) for name, preset in presets]
    for base in wanted:
        variants = tuple(
            Variant(name=name[:LONGEST_NAME], experiment=_difference(base, experiment), report=_dated(preset))
            for (name, preset), experiment in zip(presets, wanted, strict=True)
        )
        if _yields(base, variants, wanted):
            break
    else:
        raise SpecError("reproduce", (Fault("", None, "cannot put these presets into one sweep; name fewer of them"),))
    question = (
        "Does what the report found come out again? Each of its experiments is trained and held against its figures."
    )
    whole = SweepPreset(
        title="reproduced or not",
        question=question,
        experiment=base,
        sweep=Sweep(variants=variants),
    )
    return varied(whole, {}, seeds)


def _shortened(name: str, preset: RunPreset, epochs: int | None) -> Experiment:
    experiment = preset.experiment
    if epochs is None or 1 <= experiment.epochs <= epochs:
        return experiment
    schedule = _as_far_as(experiment.schedule, epochs)
    reachable = experiment.model_copy(update={"schedule": schedule})
    return with_changes(reachable, [f"epochs={epochs}"], source=f"--epochs {epochs}, for {name}")


def _as_far_as(schedule: Schedule, epochs: int) -> Schedule:
    """A schedule without the changes that come after so many epochs, which a run of that length must not name."""
    match schedule:
        case MultiStep():
            reached = tuple(milestone for milestone in schedule.milestones if milestone < epochs)
            return schedule.model_copy(update={"milestones": reached}) if reached else _unchanged(schedule)
        case Step() if schedule.every >= epochs:
            return _unchanged(schedule)
    return schedule


def _unchanged(schedule: MultiStep | Step) -> Constant:
    return Constant(warmup_epochs=schedule.warmup_epochs, warmup_start=schedule.warmup_start)


def _dated(preset: RunPreset) -> Report:
    """The report's figures, with the number of epochs after which they are said to hold."""
    epoch = preset.experiment.epochs if preset.report.epoch is None else preset.report.epoch
    return preset.report.model_copy(update={"epoch": epoch})


def _difference(base: Experiment, experiment: Experiment) -> dict[str, Any]:
    """The parts in which an experiment differs from another, each whole."""
    below = base.model_dump(mode="json", exclude_none=True)
    above = experiment.model_dump(mode="json", exclude_none=True)
    return {key: value for key, value in above.items() if below.get(key) != value}


def _yields(base: Experiment, variants: tuple[Variant, ...], wanted: Sequence[Experiment]) -> bool:
    """Whether the variants are the experiments that were meant: a key that only the base has would stay."""
    try:
        made = members(base, Sweep(variants=variants))
    except Misfit:
        return False
    return [member.experiment for member in made] == list(wanted)
