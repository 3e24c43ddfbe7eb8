"""Schedules as they are drawn before a run, and what is said of those that do not fit into it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import run_spec
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError
from tp1tui.spec.schedule import curve, is_constant, learning_rate

CD18 = run_spec("cd18").experiment
"""30 epochs of 391 steps at 0.01, constant; SGD with momentum 0.9."""

SETTINGS = (
    "{kind='constant'}",
    "{kind='constant', warmup_epochs=2.5}",
    "{kind='exponential', gamma=0.95}",
    "{kind='step', every=4}",
    "{kind='multi-step', milestones=[3, 9]}",
    "{kind='cosine'}",
    "{kind='warm-restarts', period=3, multiplier=2}",
    "{kind='one-cycle'}",
    "{kind='plateau'}",
)


def of(schedule: str, *settings: str) -> Experiment:
    return with_changes(CD18, [f"schedule={schedule}", *settings])


@given(st.sampled_from(SETTINGS), st.integers(2, 300), st.sampled_from([32, 128, 50_000]), st.integers(10, 40))
def test_a_curve_goes_from_the_first_step_to_the_end_through_rates_of_the_run(
    schedule: str, points: int, batch_size: int, epochs: int
) -> None:
    experiment = of(schedule, f"batch_size={batch_size}", f"epochs={epochs}")
    drawn = curve(experiment, points)
    assert drawn[0] == (0.0, learning_rate(experiment, 1))
    assert drawn[-1] == (epochs, learning_rate(experiment, epochs * experiment.steps_per_epoch))
    assert len(drawn) <= points + 1
    assert all(before < after for (before, _), (after, _) in pairwise(drawn))
    steps = [round(x * experiment.steps_per_epoch) + 1 for x, _ in drawn[:-1]]
    assert [rate for _, rate in drawn[:-1]] == [learning_rate(experiment, step) for step in steps]


def test_sixty_epochs_at_one_rate_and_sixty_at_a_tenth() -> None:
    """Question cd25's."""
    experiment = of("{kind='multi-step', milestones=[60]}", "epochs=120", "optimizer.lr=0.1")
    rates = [learning_rate(experiment, epoch * 391) for epoch in range(1, 121)]
    assert rates == pytest.approx([0.1] * 60 + [0.01] * 60)


def test_only_a_constant_without_warm_up_is_constant() -> None:
    assert [setting for setting in SETTINGS if is_constant(of(setting))] == ["{kind='constant'}"]


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ("{kind='step', every=30}", "schedule.every is 30, but must be below epochs, since the run has 30 epochs."),
        (
            "{kind='multi-step', milestones=[10, 30]}",
            "schedule.milestones.1 is 30, but must be below epochs, since the run has 30 epochs.",
        ),
        (
            "{kind='multi-step', milestones=[10, 10]}",
            "schedule.milestones.1 is 10, but must be above the 10 before it.",
        ),
        ("{kind='multi-step', milestones=[]}", "schedule.milestones is [], but must have at least 1 entry."),
        (
            "{kind='cosine', warmup_epochs=30}",
            "schedule.warmup_epochs is 30, but must be below epochs, since the run has 30 epochs.",
        ),
        (
            "{kind='warm-restarts', period=31}",
            "schedule.period is 31, but must be at most epochs, since the run has 30 epochs.",
        ),
        (
            "{kind='warm-restarts', period=5, lowest=0.01}",
            "schedule.lowest is 0.01, but must be below optimizer.lr, which is 0.01.",
        ),
        ("{kind='plateau', patience=28}", "schedule.patience is 28, which needs 31 epochs, but the run has 30 epochs."),
        ("{kind='one-cycle', patience=2}", "schedule.patience is not a known key."),
        ("{kind='one-cycle', warmup_epochs=2}", "schedule.warmup_epochs is not a known key."),
        ("{kind='one-cycle', peak=1.0}", "schedule.peak is 1.0, but must be below 1."),
    ],
)
def test_a_schedule_that_does_not_fit_is_told_in_a_sentence(schedule: str, told: str) -> None:
    with pytest.raises(SpecError) as caught:
        of(schedule)
    assert str(caught.value).startswith(f"--set: {told}")


def test_a_one_cycle_needs_steps_to_go_up_and_down() -> None:
    with pytest.raises(SpecError, match='"one-cycle", which needs 3 steps, but the run has 2'):
        of("{kind='one-cycle'}", "epochs=2", "batch_size=50000")
    assert learning_rate(of("{kind='one-cycle'}", "epochs=3", "batch_size=50000"), 3) < 1e-7


@pytest.mark.parametrize("kind", ["sgd", "muon"])
def test_nesterov_without_momentum_is_told_in_a_sentence(kind: str) -> None:
    settings = [f"optimizer.kind={kind}", "optimizer.nesterov=true", "optimizer.momentum=0"]
    with pytest.raises(SpecError, match=r"nesterov is true, but Nesterov's method needs a momentum above 0\."):
        with_changes(CD18, settings)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("rmsprop", {"lr": 0.01, "momentum": 0.9, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0}),
        ("adagrad", {"lr": 0.01, "eps": 1e-10, "weight_decay": 0}),
        ("muon", {"lr": 0.01, "adamw_lr": 0.001, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ],
)
def test_another_optimizer_keeps_what_was_given_and_it_knows(kind: str, expected: dict[str, float]) -> None:
    experiment = with_changes(CD18, [f"optimizer.kind={kind}"])
    assert experiment.optimizer.model_dump() == {"kind": kind, **expected}


def test_another_schedule_has_its_own_defaults() -> None:
    warm = of("{kind='exponential', gamma=0.95, warmup_epochs=2}")
    one_cycle = with_changes(warm, ["schedule.kind=one-cycle"]).schedule
    assert one_cycle.model_dump() == {"kind": "one-cycle", "peak": 0.3, "div_factor": 25, "final_div_factor": 10_000}
    cosine = with_changes(warm, ["schedule.kind=cosine"]).schedule
    assert cosine.model_dump() == {"kind": "cosine", "warmup_epochs": 2, "warmup_start": 0.1}
