"""Losses, hits and whole runs on labels that are shares of two classes; and resumes with every augmentation."""

from __future__ import annotations

import io
import itertools

import pytest
import torch

from tp1tui.data.arrays import Examples
from tp1tui.engine.loop import EpochMeasured, StepDone, train
from tp1tui.engine.meter import Meter
from tp1tui.engine.optimizer import build_loss, hinge, squared_error
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.optimizer import CrossEntropy, Hinge, SquaredError

CPU = torch.device("cpu")
LOGITS = torch.tensor([[2.0, 1.0, -1.0], [0.5, 0.0, 0.25]])
PIXELS = (
    "{kind='vertical-mirror'}, {kind='rotation'}, {kind='affine', shear=5}, {kind='randaugment'}, "
    "{kind='colour-jitter', brightness=0.3, contrast=0.3, saturation=0.3, hue=0.1}, {kind='crop', size=28, padding=2}, "
    "{kind='mirror'}, {kind='erasing'}"
)


@pytest.mark.parametrize("loss", [CrossEntropy(), SquaredError()])
def test_one_hot_shares_lose_as_much_as_the_class(loss: CrossEntropy | SquaredError) -> None:
    targets = torch.tensor([0, 2])
    function = build_loss(loss)
    assert torch.allclose(function(LOGITS, torch.eye(3)[targets]), function(LOGITS, targets))


def test_cross_entropy_of_shares_is_the_mean_of_the_classes() -> None:
    soft = torch.tensor([[0.7, 0.3, 0.0], [0.0, 0.4, 0.6]])
    function = build_loss(CrossEntropy())
    expected = -(soft * LOGITS.log_softmax(1)).sum() / 2
    assert torch.allclose(function(LOGITS, soft), expected)


def test_squared_error_takes_shares() -> None:
    soft = torch.tensor([[0.7, 0.3, 0.0], [0.0, 0.4, 0.6]])
    assert torch.allclose(squared_error(LOGITS, soft), ((LOGITS.softmax(1) - soft) ** 2).sum() / 6)


@pytest.mark.parametrize("loss", [CrossEntropy(), SquaredError()])
def test_shares_are_not_rounded_where_scores_are_bf16(loss: CrossEntropy | SquaredError) -> None:
    soft = torch.tensor([[0.701, 0.299, 0.0], [0.0, 0.401, 0.599]])
    function, scores = build_loss(loss), LOGITS.bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert function(scores, soft).item() == pytest.approx(function(scores.float(), soft).item(), rel=1e-6)


def test_hinge_is_the_margin_that_a_linear_svm_wants() -> None:
    # Scores (2, 1, -1) of class 0: others lag by 1 and 3. Scores (0.5, 0, 0.25) of class 2: by -0.25 and 0.25.
    assert hinge(LOGITS, torch.tensor([0, 2])).item() == pytest.approx((0 + 0 + 1.25 + 0.75) / 6)
    assert build_loss(Hinge()) is hinge


def test_hits_count_the_heavier_class_and_of_equals_the_first() -> None:
    logits = torch.eye(7)[[2, 0, 6]] * 20 - torch.arange(7.0)
    soft = torch.zeros(3, 7)
    soft[0, [2, 5]] = torch.tensor([0.6, 0.4])
    soft[1, [3, 0]] = torch.tensor([0.7, 0.3])
    soft[2, [0, 6]] = 0.5
    counted = []
    for targets in (soft, torch.tensor([2, 3, 0])):
        meter = Meter()
        meter.add(torch.tensor(0.0), logits, targets)
        meter.settle()
        counted.append(meter.totals)
    assert counted[0] == counted[1]
    assert counted[0].top1 == 1


@pytest.mark.parametrize("mixing", ["mixup", "cutmix"])
@pytest.mark.parametrize("settings", [["loss.kind=squared-error"], ["precision=bf16"], []], ids=str)
def test_a_network_trains_on_soft_labels(
    small: Experiment, examples: Examples, mixing: str, settings: list[str]
) -> None:
    steps = f"augmentation={{enabled=true, steps=[{{kind='crop', size=28}}, {{kind='{mixing}'}}]}}"
    training = Training(with_changes(small, [steps, *settings]), examples, CPU)
    measured = [event for event in train(training) if isinstance(event, EpochMeasured)]
    assert len(measured) == 4
    assert all(0 < event.train.loss < 4 for event in measured)


@pytest.mark.parametrize("mixing", ["mixup", "cutmix"])
@pytest.mark.parametrize("stop_at", [1, 4, 6])
def test_a_resumed_run_draws_every_augmentation_again(
    everything_on: Experiment, examples: Examples, mixing: str, stop_at: int
) -> None:
    experiment = with_changes(everything_on, [f"augmentation.steps=[{PIXELS}, {{kind='{mixing}'}}]", "epochs=2"])
    undisturbed = Training(experiment, examples, CPU)
    expected = [event for event in train(undisturbed) if isinstance(event, EpochMeasured)]
    losses = undisturbed.meter.fetch().losses

    before = Training(experiment, examples, CPU)
    seen = list(itertools.takewhile(lambda event: event != StepDone(stop_at), train(before)))
    file = io.BytesIO()
    torch.save(before.state(), file)
    torch.manual_seed(999)
    after = Training(experiment, examples, CPU)
    after.restore(torch.load(io.BytesIO(file.getvalue()), weights_only=True))
    seen += list(train(after))
    assert [event for event in seen if isinstance(event, EpochMeasured)] == expected
    assert before.meter.fetch().losses + after.meter.fetch().losses == losses


def test_the_switch_turns_soft_labels_into_classes_and_back(small: Experiment, examples: Examples) -> None:
    steps = "augmentation.steps=[{kind='crop', size=28}, {kind='cutmix'}]"
    training = Training(with_changes(small, [steps]), examples, CPU)
    plan = training.data.plan(1)
    kinds = []
    for on in (False, True, False):
        training.set_switch("augmentation", on=on)
        kinds.append(training.data.training_batch(plan, 1)[1].dtype)
    assert kinds == [torch.int64, torch.float32, torch.int64]
