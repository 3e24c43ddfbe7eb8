"""Recorded steps against ordinary ones: on the CPU, where a tape stands for a CUDA graph, equal bit by bit."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import torch

from tests.engine.tape import LenientRecorder, TapeRecorder, UnableRecorder
from tests.worker.conftest import spec_of
from tp1tui.data.arrays import Examples
from tp1tui.data.circles import circles
from tp1tui.data.validation import held_out
from tp1tui.engine.capture import Captured, execution_of, hindrance
from tp1tui.engine.execution import Eager
from tp1tui.engine.loop import EpochMeasured, StepDone, train
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")
AUGMENTATIONS = (
    "[{kind='rotation', degrees=10}, {kind='mirror'}]",
    "[{kind='affine', degrees=10, translate=0.1}]",
    "[{kind='colour-jitter', brightness=0.3, hue=0.1}, {kind='crop', size=28, padding=2}]",
    "[{kind='erasing'}]",
)
MIXED = ("[{kind='mixup'}]", "[{kind='crop', size=28}, {kind='cutmix'}]")
"""Augmentations after which labels are soft: their classes are made one-hot."""
Flips = dict[int, Callable[[Training], None]]


def eager(experiment: Experiment, examples: Examples) -> Training:
    training = Training(experiment, examples, CPU)
    training.execution = Eager(training)
    return training


def captured(experiment: Experiment, examples: Examples, recorder: TapeRecorder) -> Training:
    training = Training(experiment, examples, CPU)
    training.execution = Captured(training, recorder)
    return training


def driven(training: Training, meanwhile: Flips | None = None) -> tuple[list[EpochMeasured], list[float]]:
    """What a training measures, and the loss of each batch; something may be done after some of its steps."""
    measured = []
    for event in train(training):
        if isinstance(event, EpochMeasured):
            measured.append(event)
        elif isinstance(event, StepDone) and meanwhile and event.step in meanwhile:
            meanwhile[event.step](training)
    return measured, training.meter.fetch().losses


def check_same(
    experiment: Experiment, examples: Examples, recorder: TapeRecorder, meanwhile: Flips | None = None
) -> Training:
    plain, recorded = eager(experiment, examples), captured(experiment, examples, recorder)
    expected = driven(plain, meanwhile)
    assert driven(recorded, meanwhile) == expected
    check_same_state(plain, recorded)
    return recorded


def check_same_state(plain: Training, other: Training) -> None:
    """Weights, running statistics and what the optimizer remembers."""
    for left, right in zip(tensors_of(plain), tensors_of(other), strict=True):
        assert torch.equal(left, right)


def tensors_of(training: Training) -> list[torch.Tensor]:
    state = training.state()
    leaves = torch.utils._pytree.tree_leaves([state["model"], state["optimizer"]])
    return [leaf if isinstance(leaf, torch.Tensor) else torch.tensor(leaf) for leaf in leaves if leaf is not None]


def flip(switch: str, on: bool) -> Callable[[Training], None]:
    return lambda training: training.set_switch(switch, on=on)  # type: ignore[arg-type]


@pytest.fixture
def longer(everything_on: Experiment) -> Experiment:
    """Six epochs of three batches and a short one: enough for the short one to be recorded, too."""
    return with_changes(everything_on, ["epochs=6"])


def test_dropout_crops_batchnorm_and_a_schedule_give_the_same_figures(longer: Experiment, examples: Examples) -> None:
    recorder = TapeRecorder()
    check_same(longer, examples, recorder)
    assert recorder.recorded == 3  # whole batches, the short one, the test set
    assert recorder.rehearsed == 9
    assert recorder.replayed == (18 - 3) + (6 - 3) + (7 - 3)


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "adagrad"])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_every_optimizer_reads_its_rate_from_the_device(
    kind: str, precision: str, longer: Experiment, examples: Examples
) -> None:
    settings = [f"optimizer.kind={kind}", "optimizer.lr=0.01", "schedule={kind='one-cycle'}", f"precision={precision}"]
    recorder = TapeRecorder()
    check_same(with_changes(longer, settings), examples, recorder)
    assert recorder.recorded == 3


def test_the_step_of_torch_nn_is_recorded_too(longer: Experiment, examples: Examples) -> None:
    settings = ["implementation=torch.nn", "optimizer={kind='sgd', lr=0.05}"]
    recorder = TapeRecorder()
    check_same(with_changes(longer, settings), examples, recorder)
    assert recorder.recorded == 3


@pytest.mark.parametrize("steps", AUGMENTATIONS)
def test_augmentation_is_recorded(steps: str, longer: Experiment, examples: Examples) -> None:
    recorder = TapeRecorder()
    check_same(with_changes(longer, [f"augmentation.steps={steps}"]), examples, recorder)
    assert recorder.recorded == 3


def test_validation_and_the_clean_measure_are_recorded(longer: Experiment, examples: Examples) -> None:
    recorder = TapeRecorder()
    experiment = with_changes(longer, ["clean_train=true", "dataset.validation_fraction=0.2"])
    check_same(experiment, held_out(examples, 10, longer.seed), recorder)
    assert recorder.recorded == 5  # whole batches, the short one, and all three sets


@pytest.mark.parametrize(
    "setting",
    [
        *(f"augmentation.steps={steps}" for steps in MIXED),
        "loss={kind='squared-error'}",
    ],
)
def test_what_is_made_one_hot_is_recorded(setting: str, longer: Experiment, examples: Examples) -> None:
    recorder = LenientRecorder()
    check_same(with_changes(longer, [setting]), examples, recorder)
    assert recorder.recorded == 3


def test_the_hinge_is_recorded(longer: Experiment, examples: Examples) -> None:
    recorder = TapeRecorder()
    check_same(with_changes(longer, ["loss={kind='hinge'}"]), examples, recorder)
    assert recorder.recorded == 3


def test_points_are_recorded() -> None:
    experiment = spec_of("ab2.4", "epochs=6").experiment
    recorder = TapeRecorder()
    check_same(experiment, circles(experiment.seed), recorder)
    assert recorder.recorded == 2


def test_a_switch_leads_to_a_recording_of_its_own_and_back(longer: Experiment, examples: Examples) -> None:
    recorder = TapeRecorder()
    flips = {6: flip("dropout", False), 11: flip("dropout", True), 13: flip("augmentation", False)}
    check_same(longer, examples, recorder, flips)
    assert recorder.recorded == 4  # steps with both switches on, and with either off; the test set's centres


@pytest.mark.parametrize("stop_at", [1, 4, 6, 13])
@pytest.mark.parametrize("other", [eager, lambda *given: captured(*given, TapeRecorder())], ids=["eager", "captured"])
def test_a_run_is_resumed_by_either_way_from_either(
    stop_at: int, other: Callable[..., Training], longer: Experiment, examples: Examples
) -> None:
    plain = eager(longer, examples)
    driven(plain)
    for first, second in ((captured, other), (other, captured)):
        before = first(longer, examples, TapeRecorder()) if first is captured else first(longer, examples)
        next(event for event in train(before) if event == StepDone(stop_at))
        file = io.BytesIO()
        torch.save(before.state(), file)
        file.seek(0)
        torch.manual_seed(12345)
        after = second(longer, examples, TapeRecorder()) if second is captured else second(longer, examples)
        after.restore(torch.load(file, weights_only=True))
        driven(after)
        check_same_state(plain, after)


def test_a_training_that_is_taken_back_trains_on_as_before(longer: Experiment, examples: Examples) -> None:
    """What was recorded knows the old optimizer's tensors, so it is forgotten."""
    recorder = TapeRecorder()
    plain, training = eager(longer, examples), captured(longer, examples, recorder)
    driven(plain)
    next(event for event in train(training) if event == StepDone(6))
    file = io.BytesIO()
    torch.save(training.state(), file)
    file.seek(0)
    next(event for event in train(training) if event == StepDone(9))
    training.restore(torch.load(file, weights_only=True))
    assert recorder.resets == 1
    driven(training)
    check_same_state(plain, training)


def test_checkpoints_hold_rates_as_numbers(longer: Experiment, examples: Examples) -> None:
    training = captured(longer, examples, TapeRecorder())
    next(event for event in train(training) if event == StepDone(6))
    (group,) = training.implementation.state_dict()["param_groups"]
    assert group["lr"] == pytest.approx(0.05 * 0.9)
    assert type(group["lr"]) is float


def test_what_cannot_be_recorded_is_done_operation_by_operation(longer: Experiment, examples: Examples) -> None:
    recorder = UnableRecorder()
    training = check_same(longer, examples, recorder)
    (notice,) = training.notices
    assert notice.startswith("The steps of this run could not be recorded as a whole (CUDA error: operation not")
    assert "Compile with" not in notice
    assert recorder.resets == 1


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (["optimizer={kind='muon', lr=0.01}"], "Muon"),
        (["augmentation.steps=[{kind='randaugment'}]"], "RandAugment"),
    ],
)
def test_what_python_takes_part_in_is_not_recorded(
    settings: list[str], why: str, longer: Experiment, examples: Examples
) -> None:
    experiment = with_changes(longer, settings)
    assert why in (hindrance(experiment) or "")
    recorder = TapeRecorder()
    check_same(experiment, examples, recorder)
    assert recorder.recorded == 1  # the test set's measurement is


def test_on_a_cpu_nothing_is_recorded(longer: Experiment, examples: Examples) -> None:
    assert isinstance(execution_of(eager(longer, examples)), Eager)
    assert hindrance(longer) is None


def test_the_network_is_in_the_mode_that_an_ordinary_measurement_leaves(longer: Experiment, examples: Examples) -> None:
    training = captured(longer, examples, TapeRecorder())
    modes = [training.model.training for event in train(training) if isinstance(event, EpochMeasured)]
    assert modes == [False] * 7
