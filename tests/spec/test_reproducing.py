from __future__ import annotations

import pytest

from tests.spec.shipped import RUNS
from tp1tui.spec.faults import SpecError
from tp1tui.spec.optimizer import MultiStep, OneCycle, Step
from tp1tui.spec.preset import RunPreset
from tp1tui.spec.reproducing import has_figures, reproduction
from tp1tui.spec.schedule import learning_rate


def with_figures() -> list[tuple[str, RunPreset]]:
    return [(name, preset) for name, preset in RUNS.items() if has_figures(preset)]


def test_every_experiment_with_figures_comes_out_as_its_preset_has_it() -> None:
    presets = with_figures()
    made = reproduction(presets, 1, None).members()
    assert {"cd18-baseline", "cd22-crop-mirror", "cd34-batchnorm"} <= {member.name for member in made}
    assert [(member.name, member.experiment) for member in made] == [(name, p.experiment) for name, p in presets]
    for member, (_, preset) in zip(made, presets, strict=True):
        assert member.report is not None
        assert member.report.test_top1 == preset.report.test_top1
        assert member.report.epoch == (preset.report.epoch or preset.experiment.epochs)


def test_fewer_epochs_leave_the_report_s_epoch_as_it_is() -> None:
    presets = [pair for pair in with_figures() if pair[0] in ("cd18-baseline", "cd17-before-training")]
    made = {member.name: member for member in reproduction(presets, 2, 3).members()}
    assert {name: member.experiment.epochs for name, member in made.items()} == {
        "cd17-before-training": 1,
        "cd18-baseline": 3,
    }
    report = made["cd18-baseline"].report
    assert report is not None
    assert report.epoch == 30


def test_a_key_that_only_one_preset_has_does_not_reach_the_others() -> None:
    (name, preset), *rest = [pair for pair in with_figures() if pair[0] != "cd17-before-training"]
    dataset = preset.experiment.dataset.model_copy(update={"train_examples": 1000})
    small = preset.model_copy(update={"experiment": preset.experiment.model_copy(update={"dataset": dataset})})
    made = reproduction([(name, small), *rest], 1, None).members()
    assert made[0].experiment == small.experiment
    assert [member.experiment for member in made[1:]] == [other.experiment for _, other in rest]


def test_no_epochs_and_no_seeds_are_told() -> None:
    with pytest.raises(SpecError, match="epochs is 0, but must be at least 1"):
        reproduction(with_figures()[:1], 1, 0)
    with pytest.raises(SpecError, match="seeds is 0, but must be at least 1"):
        reproduction(with_figures()[:1], 0, None)


def test_learning_rates_of_a_shorter_run_are_those_of_the_longer_one_s_beginning() -> None:
    presets = with_figures()
    short = {member.name: member.experiment for member in reproduction(presets, 1, 12).members()}
    assert len(short) == len(presets)
    stepwise = [(name, p.experiment) for name, p in presets if isinstance(p.experiment.schedule, MultiStep | Step)]
    assert stepwise
    for name, long in stepwise:
        steps = range(1, short[name].epochs * long.steps_per_epoch + 1, long.steps_per_epoch)
        assert [learning_rate(short[name], step) for step in steps] == [learning_rate(long, step) for step in steps]


def test_a_milestone_that_is_reached_stays() -> None:
    preset = RUNS["cd25-report"]
    schedule = MultiStep(milestones=(2, 60))
    early = preset.model_copy(update={"experiment": preset.experiment.model_copy(update={"schedule": schedule})})
    (member,) = reproduction([("early", early)], 1, 12).members()
    assert member.experiment.schedule == MultiStep(milestones=(2,))


def test_a_schedule_shaped_by_the_run_s_length_is_that_of_the_shorter_run() -> None:
    preset = RUNS["cd18-baseline"]
    experiment = preset.experiment.model_copy(update={"schedule": OneCycle()})
    (member,) = reproduction([("cycle", preset.model_copy(update={"experiment": experiment}))], 1, 5).members()
    assert (member.experiment.schedule, member.experiment.epochs) == (OneCycle(), 5)
