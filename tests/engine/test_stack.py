"""Members of a stack give the curves of runs alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from tests.engine.conftest import SMALL
from tests.spec.shipped import EXPERIMENTS
from tp1tui.data.arrays import Examples
from tp1tui.data.circles import circles
from tp1tui.data.validation import held_out
from tp1tui.engine.loop import EpochMeasured, StepDone, train
from tp1tui.engine.stack import Member, Stack
from tp1tui.engine.stacked_loop import EpochsMeasured, train_together
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = torch.device("cpu")
LOSS = 2e-5
"""Relative: sums are taken in another order, and the weights carry it on."""

Curves = tuple[list[float], list[float], list[EpochMeasured]]


def alone(experiment: Experiment, examples: Examples) -> Curves:
    training = Training(experiment, examples, CPU)
    measured = [event for event in train(training) if isinstance(event, EpochMeasured)]
    stretch = training.meter.fetch()
    return stretch.losses, stretch.top1, measured


def stacked(experiments: Sequence[Experiment], examples: Sequence[Examples]) -> list[Curves]:
    members = [Member(*pair, CPU) for pair in zip(experiments, examples, strict=True)]
    for member in members[1:]:
        member.data.share(members[0].data)
    measured = [event for event in train_together(Stack(members)) if isinstance(event, EpochsMeasured)]
    stretches = [member.meter.fetch() for member in members]
    return [
        (stretch.losses, stretch.top1, [event.by_member[number] for event in measured])
        for number, stretch in enumerate(stretches)
    ]


def assert_same_curves(found: Curves, expected: Curves, rel: float = LOSS) -> None:
    assert found[0] == pytest.approx(expected[0], rel=rel, nan_ok=True)
    assert found[1] == pytest.approx(expected[1])
    for ours, theirs in zip(found[2], expected[2], strict=True):
        assert (ours.epoch, ours.step, ours.lr) == (theirs.epoch, theirs.step, theirs.lr)
        for part in ("train", "test", "clean_train", "validation"):
            mine, its = getattr(ours, part), getattr(theirs, part)
            assert (mine is None) == (its is None)
            if its is not None:
                assert (mine.loss, mine.top1, mine.top5) == pytest.approx(
                    (its.loss, its.top1, its.top5), rel=rel, nan_ok=True
                )
        assert ours.test.confusion == theirs.test.confusion


def assert_each_as_alone(experiments: Sequence[Experiment], examples: Sequence[Examples], rel: float = LOSS) -> None:
    for found, experiment, own in zip(stacked(experiments, examples), experiments, examples, strict=True):
        assert_same_curves(found, alone(experiment, own), rel)


def test_circles_over_seeds_and_learning_rates() -> None:
    base = EXPERIMENTS["ab2.4-circles-torch-optim"]
    asked = [
        with_changes(base, ["epochs=30", f"seed={seed}", f"optimizer.lr={lr}"])
        for seed, lr in enumerate((0.03, 0.1, 0.3))
    ]
    assert_each_as_alone(asked, [circles(one.seed) for one in asked])


def test_the_digits_network_with_everything_on(everything_on: Experiment, examples: Examples) -> None:
    asked = [
        with_changes(everything_on, [f"seed={seed}", f"dropout.p={p}", f"optimizer.lr={lr}"])
        for seed, (p, lr) in enumerate(((0.5, 0.05), (0.2, 0.02), (0.0, 0.1)))
    ]
    assert_each_as_alone(asked, [examples] * 3)


@pytest.mark.parametrize("kind", ["channel", "pixel"])
def test_images_with_training_and_validation_sets_of_each_member_s_own(
    small: Experiment, examples: Examples, kind: str
) -> None:
    """So statistics differ, by which the same test examples are standardized."""
    standardized = f"standardization={{kind='{kind}', enabled=true}}"
    base = with_changes(small, ["dataset.validation_fraction=0.2", "clean_train=true", standardized])
    asked = [with_changes(base, [f"seed={seed}"]) for seed in (0, 7)]
    assert_each_as_alone(asked, [held_out(examples, 10, one.seed) for one in asked])


@pytest.mark.parametrize(
    "changes",
    [
        ["loss={kind='squared-error'}"],
        ["loss={kind='hinge'}"],
        ["augmentation={enabled=true, steps=[{kind='mixup'}]}"],
        ["augmentation={enabled=true, steps=[{kind='colour-jitter', brightness=0.4}, {kind='erasing'}]}"],
        ["optimizer={kind='adam', lr=0.002}", "dropout.enabled=true"],
        ["optimizer={kind='adamw', lr=0.002}", "schedule={kind='one-cycle'}"],
        ["standardization={kind='pixel', enabled=true}", "dropout.enabled=true"],
        ["model.layers.pool1={kind='avgpool', name='pool1', kernel=8}", "model.init={kind='normal', std=0.1}"],
    ],
)
def test_whatever_an_experiment_asks_for(small: Experiment, examples: Examples, changes: list[str]) -> None:
    asked = [with_changes(small, [*changes, f"seed={seed}"]) for seed in (0, 1)]
    assert_each_as_alone(asked, [examples] * 2, rel=2e-4)


def test_bf16_trains_each_as_alone(everything_on: Experiment, examples: Examples) -> None:
    """To the three digits that bf16 has, some steps on."""
    base = with_changes(everything_on, ["precision=bf16", "epochs=1"])
    asked = [with_changes(base, [f"seed={seed}"]) for seed in (0, 1)]
    for (losses, _, _), experiment in zip(stacked(asked, [examples] * 2), asked, strict=True):
        assert losses == pytest.approx(alone(experiment, examples)[0], rel=0.03)


def test_dropout_between_images_and_batchnorm_of_vectors(examples: Examples) -> None:
    layers = [
        {"kind": "conv", "name": "conv", "filters": 4, "kernel": 3, "bias": False},
        {"kind": "dropout", "name": "drop1"},
        {"kind": "maxpool", "name": "pool", "kernel": 6},
        {"kind": "flatten", "name": "flatten"},
        {"kind": "linear", "name": "fc1", "features": 12, "bias": False},
        {"kind": "batchnorm", "name": "bn"},
        {"kind": "tanh", "name": "tanh"},
        {"kind": "dropout", "name": "drop2"},
        {"kind": "linear", "name": "fc2", "features": 10},
    ]
    base = {**SMALL, "model": {"layers": layers}, "batchnorm": {"enabled": True}, "batch_size": 10}
    asked = [
        Experiment.model_validate({**base, "seed": seed, "dropout": {"enabled": seed < 2, "p": 0.3}})
        for seed in range(3)
    ]
    assert_each_as_alone(asked, [examples] * 3, rel=1e-4)


def test_adam_before_batchnorm(everything_on: Experiment, examples: Examples) -> None:
    """A bias before batch normalization has no gradient but rounding, which Adam makes whole steps of."""
    base = with_changes(everything_on, ["optimizer={kind='adam', lr=0.002}"])
    assert_each_as_alone([with_changes(base, [f"seed={seed}"]) for seed in (0, 1)], [examples] * 2, rel=5e-3)


def test_a_member_whose_loss_is_not_finite_disturbs_no_other(small: Experiment, examples: Examples) -> None:
    asked = [with_changes(small, [f"optimizer.lr={lr}", f"seed={seed}"]) for seed, lr in enumerate((0.05, 1e30, 0.02))]
    found = stacked(asked, [examples] * 3)
    assert not np.isfinite(found[1][0]).all()
    for number in (0, 2):
        assert_same_curves(found[number], alone(asked[number], examples))


@pytest.mark.parametrize("stop_at", [1, 4, 6])
def test_members_that_leave_go_on_alone_and_the_others_without_them(
    everything_on: Experiment, examples: Examples, stop_at: int
) -> None:
    base = with_changes(everything_on, ["optimizer={kind='rmsprop', lr=0.002, momentum=0.5}"])
    asked = [with_changes(base, [f"seed={seed}"]) for seed in range(4)]
    expected = [alone(experiment, examples) for experiment in asked]
    members = [Member(experiment, examples, CPU) for experiment in asked]
    for event in train_together(Stack(members)):
        if event == StepDone(stop_at):
            break
    members[1].leave()
    with members[1].drawing():
        for _ in train(members[1]):
            pass
    resumed = Training(asked[2], examples, CPU)  # in another process, from a checkpoint
    resumed.restore(members[2].state())
    for _ in train(resumed):
        pass
    for _ in train_together(Stack([members[0], members[3]])):
        pass
    for number in (0, 1, 3):
        assert members[number].meter.fetch().losses == pytest.approx(expected[number][0], rel=1e-4)
    assert resumed.meter.fetch().losses == pytest.approx(expected[2][0][stop_at:], rel=1e-4)


def test_a_checkpoint_holds_one_member_s_weights_and_no_more(small: Experiment, examples: Examples) -> None:
    members = [Member(with_changes(small, [f"seed={seed}"]), examples, CPU) for seed in range(3)]
    stack = Stack(members)
    next(event for event in train_together(stack) if event == StepDone(2))
    expected = Training(small, examples, CPU)
    next(event for event in train(expected) if event == StepDone(2))
    found, wanted = members[0].state(), expected.state()
    assert found.keys() == wanted.keys()
    for name, weight in wanted["model"].items():
        mine = found["model"][name]
        torch.testing.assert_close(mine, weight, rtol=1e-5, atol=1e-7)
        assert mine.stride() == weight.stride()
        assert mine.untyped_storage().nbytes() == weight.untyped_storage().nbytes()
    assert found["optimizer"]["state"].keys() == wanted["optimizer"]["state"].keys()


def test_switching_one_member_s_dropout_is_its_own_matter(everything_on: Experiment, examples: Examples) -> None:
    asked = [with_changes(everything_on, [f"seed={seed}"]) for seed in range(2)]
    lone = Training(asked[0], examples, CPU)
    members = [Member(experiment, examples, CPU) for experiment in asked]
    for one, events in ((lone, train(lone)), (members[0], train_together(Stack(members)))):
        for event in events:
            if event == StepDone(5):
                one.set_switch("dropout", on=False)
    assert members[0].meter.fetch().losses == pytest.approx(lone.meter.fetch().losses, rel=LOSS)
    assert members[1].meter.fetch().losses == pytest.approx(alone(asked[1], examples)[0], rel=LOSS)
    assert not members[0].differs


def test_a_member_that_crops_while_others_do_not_must_leave(small: Experiment, examples: Examples) -> None:
    members = [Member(with_changes(small, [f"seed={seed}"]), examples, CPU) for seed in range(2)]
    Stack(members)
    members[1].set_switch("augmentation", on=True)
    assert [member.differs for member in members] == [False, True]
    with pytest.raises(ValueError, match="cannot go on together"):
        Stack(members)
