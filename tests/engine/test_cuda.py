"""What only a GPU can show: recorded CUDA graphs give the figures of ordinary steps.

Some kernels add in no fixed order, and a few epochs of training make more of such differences: figures agree within
`CLOSE`, not bit by bit. Dropout and augmentation draw the very same numbers, or the losses would be far apart.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from inspect import signature
from pathlib import Path

import pytest
import torch

from tests.engine.test_capture import AUGMENTATIONS, MIXED, driven, flip
from tests.worker.conftest import spec_of
from tp1tui.data.arrays import Examples
from tp1tui.engine.capture import Captured, hindrance
from tp1tui.engine.device import configure
from tp1tui.engine.execution import Eager
from tp1tui.engine.loop import EpochMeasured, StepDone, train
from tp1tui.engine.recorder import CudaRecorder
from tp1tui.engine.stack import Member, Stack
from tp1tui.engine.stacked_capture import StackedCaptured
from tp1tui.engine.stacked_execution import StackedEager
from tp1tui.engine.stacked_loop import train_together
from tp1tui.engine.training import Training
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.prepare import prepare
from tp1tui.worker.room import PatientJournal

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that torch finds")

GPU = torch.device("cuda", 0)
CLOSE = {"fp32": 1e-3, "tf32": 1e-2, "bf16": 5e-2}
"""Relative differences of losses after a few epochs of the small network."""


@pytest.fixture(autouse=True)
def nothing_left_over() -> Iterator[None]:
    """torch gives out the same 32 streams in turn: no training's graphs may go while another's are on the same one."""
    yield
    gc.collect()


def on_gpu(experiment: Experiment, examples: Examples, *, recorded: bool) -> Training:
    configure(GPU, experiment)
    training = Training(experiment, examples, GPU)
    if not recorded:
        training.execution = Eager(training)
    return training


def check_close(
    experiment: Experiment, examples: Examples, meanwhile: dict[int, Callable[[Training], None]] | None = None
) -> None:
    plain, training = (on_gpu(experiment, examples, recorded=recorded) for recorded in (False, True))
    expected, losses = driven(plain, meanwhile)
    measured, again = driven(training, meanwhile)
    assert training.notices == []
    close = CLOSE[experiment.precision]
    assert again == pytest.approx(losses, rel=close, abs=close)
    assert [epoch.test.loss for epoch in measured] == pytest.approx(
        [epoch.test.loss for epoch in expected], rel=close, abs=close
    )
    assert [sum(map(sum, epoch.test.confusion)) for epoch in measured] == [20] * len(expected)


@pytest.fixture
def longer(everything_on: Experiment) -> Experiment:
    """Dropout, crops, mirror images and batch normalization, through enough epochs for all to be recorded."""
    return with_changes(everything_on, ["epochs=6", "precision=fp32", "optimizer.lr=0.01"])


@pytest.mark.parametrize("precision", ["fp32", "tf32", "bf16"])
@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "rmsprop", "adagrad", "muon"])
def test_recorded_steps_give_the_figures_of_ordinary_ones(
    kind: str, precision: str, longer: Experiment, examples: Examples
) -> None:
    settings = [f"optimizer.kind={kind}", "optimizer.lr=0.001", f"precision={precision}", "schedule={kind='one-cycle'}"]
    check_close(with_changes(longer, settings), examples)


@pytest.mark.parametrize("implementation", ["by-hand", "autograd", "torch.nn"])
def test_every_implementation_trains(implementation: str, small: Experiment, examples: Examples) -> None:
    layers = "[{kind='flatten'}, {kind='linear', features=8}, {kind='tanh'}, {kind='linear', features=10}]"
    settings = [f"model.layers={layers}", f"implementation={implementation}", "optimizer={kind='sgd', lr=0.01}"]
    check_close(with_changes(small, [*settings, "precision=fp32", "augmentation.steps=[]"]), examples)


@pytest.mark.parametrize("steps", [*AUGMENTATIONS, *MIXED, "[{kind='randaugment'}]"])
def test_augmentation_draws_the_same(steps: str, longer: Experiment, examples: Examples) -> None:
    check_close(with_changes(longer, [f"augmentation.steps={steps}"]), examples)


@pytest.mark.parametrize("loss", ["squared-error", "hinge"])
def test_every_loss_is_recorded(loss: str, longer: Experiment, examples: Examples) -> None:
    check_close(with_changes(longer, [f"loss={{kind='{loss}'}}"]), examples)


def test_switches_are_obeyed_by_the_next_batch(longer: Experiment, examples: Examples) -> None:
    flips = {6: flip("dropout", False), 11: flip("dropout", True), 13: flip("augmentation", False)}
    check_close(longer, examples, flips)


@pytest.mark.parametrize("stop_at", [2, 6, 13])
def test_a_resumed_run_goes_on_with_the_same_draws(stop_at: int, longer: Experiment, examples: Examples) -> None:
    undisturbed = on_gpu(longer, examples, recorded=True)
    expected, _ = driven(undisturbed)
    before = on_gpu(longer, examples, recorded=True)
    next(event for event in train(before) if event == StepDone(stop_at))
    file = io.BytesIO()
    torch.save(before.state(), file)
    file.seek(0)
    torch.cuda.manual_seed(12345)
    after = on_gpu(longer, examples, recorded=True)
    after.restore(torch.load(file, map_location="cpu", weights_only=True))
    measured, _ = driven(after)
    close = CLOSE["fp32"]
    assert [epoch.train.loss for epoch in measured] == pytest.approx(
        [epoch.train.loss for epoch in expected[-len(measured) :]], rel=close
    )
    assert [epoch.test.loss for epoch in measured] == pytest.approx(
        [epoch.test.loss for epoch in expected[-len(measured) :]], rel=close
    )


def test_recording_trains_nothing_and_draws_nothing(longer: Experiment, examples: Examples) -> None:
    training = on_gpu(longer, examples, recorded=True)
    events = train(training)
    next(event for event in events if event == StepDone(3))
    weights = [parameter.clone() for parameter in training.model.parameters()]
    place = torch.cuda.get_rng_state(GPU)
    recorder = CudaRecorder(GPU)
    inputs, targets = training.data.training_batch(training.data.plan(1), 0)
    rate = torch.zeros((), device=GPU)
    replay = recorder.record(lambda: training.implementation.update(inputs, targets, rate) and None)
    torch.cuda.synchronize()
    assert all(torch.equal(*pair) for pair in zip(weights, training.model.parameters(), strict=True))
    assert torch.equal(place, torch.cuda.get_rng_state(GPU))
    replay()
    assert not torch.equal(place, torch.cuda.get_rng_state(GPU))


def test_work_that_reads_from_the_device_is_done_operation_by_operation(longer: Experiment, examples: Examples) -> None:
    """As any operation that cannot be recorded, in the middle of a step with dropout: the run goes on, and draws on."""
    training = on_gpu(longer, examples, recorded=True)
    update = training.implementation.update

    def waiting(inputs: torch.Tensor, targets: torch.Tensor, lr: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        loss, logits = update(inputs, targets, lr)
        assert loss.item() > 0
        return loss, logits

    training.implementation.update = waiting  # type: ignore[method-assign, assignment]
    measured, losses = driven(training)
    (notice,) = training.notices
    assert "operation by operation" in notice
    _, expected = driven(on_gpu(longer, examples, recorded=False))
    assert losses == pytest.approx(expected, rel=CLOSE["fp32"], abs=CLOSE["fp32"])
    assert len(measured) == 7


def test_all_that_a_recording_reads_stays_where_it_is(
    longer: Experiment, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "check_input_liveness" not in signature(torch.cuda.graph.__init__).parameters:
        pytest.skip("this torch cannot watch over what recordings read")
    monkeypatch.setattr(torch.cuda, "graph", partial(torch.cuda.graph, check_input_liveness=True))
    check_close(longer, examples)


@pytest.mark.parametrize("recorded", [True, False])
def test_steps_never_wait_for_the_device(recorded: bool, longer: Experiment, examples: Examples) -> None:
    training = on_gpu(longer, examples, recorded=recorded)
    watch: dict[int, Callable[[Training], None]] = {
        17: lambda training: torch.cuda.set_sync_debug_mode("error"),
        19: lambda training: torch.cuda.set_sync_debug_mode("default"),
    }
    try:
        measured, _ = driven(training, watch)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert len(measured) == 7


def test_memory_does_not_grow_from_epoch_to_epoch(longer: Experiment, examples: Examples) -> None:
    training = on_gpu(with_changes(longer, ["epochs=12"]), examples, recorded=True)
    held = []
    for event in train(training):
        if isinstance(event, EpochMeasured) and event.epoch >= 6:
            held.append(torch.cuda.memory_allocated(GPU))
    assert len(set(held)) == 1


def test_a_gpu_is_given_recorded_steps(longer: Experiment, examples: Examples) -> None:
    assert isinstance(on_gpu(longer, examples, recorded=True).execution, Captured)
    assert hindrance(longer) is None


@pytest.mark.parametrize("kind", ["sgd", "adamw"])
@pytest.mark.parametrize("recorded", [True, False])
def test_members_of_a_stack_train_as_alone(recorded: bool, kind: str, longer: Experiment, examples: Examples) -> None:
    """With dropout, which each draws from a generator of its own."""
    base = with_changes(longer, [f"optimizer.kind={kind}", "optimizer.lr=0.001"])
    asked = [with_changes(base, [f"seed={seed}", f"dropout.p={p}"]) for seed, p in enumerate((0.5, 0.2, 0.3))]
    expected = [driven(on_gpu(experiment, examples, recorded=False))[1] for experiment in asked]
    members = [Member(experiment, examples, GPU) for experiment in asked]
    stack = Stack(members)
    assert isinstance(stack.execution, StackedCaptured)
    if not recorded:
        stack.execution = StackedEager(stack)
    for _ in train_together(stack):
        pass
    for member, losses in zip(members, expected, strict=True):
        assert member.notices == []
        assert member.meter.fetch().losses == pytest.approx(losses, rel=CLOSE["fp32"], abs=CLOSE["fp32"])


def test_a_member_that_leaves_a_recorded_stack_goes_on_alone(longer: Experiment, examples: Examples) -> None:
    asked = [with_changes(longer, [f"seed={seed}"]) for seed in range(3)]
    expected = [driven(on_gpu(experiment, examples, recorded=False))[1] for experiment in asked]
    members = [Member(experiment, examples, GPU) for experiment in asked]
    next(event for event in train_together(Stack(members)) if event == StepDone(14))
    members[1].leave()
    with members[1].drawing():
        for _ in train(members[1]):
            pass
    for _ in train_together(Stack([members[0], members[2]])):
        pass
    for member, losses in zip(members, expected, strict=True):
        assert member.meter.fetch().losses == pytest.approx(losses, rel=CLOSE["fp32"], abs=CLOSE["fp32"])


def test_a_checkpoint_of_a_gpu_goes_on_on_a_cpu_and_back(longer: Experiment, examples: Examples) -> None:
    experiment = with_changes(longer, ["optimizer.kind=rmsprop", "optimizer.lr=0.001"])
    device, states = GPU, []
    for stop_at in (6, 10, 14):
        configure(device, experiment)
        training = Training(experiment, examples, device)
        if states:
            training.restore(states[-1])
        next(event for event in train(training) if event == StepDone(stop_at))
        file = io.BytesIO()
        torch.save(training.state(), file)
        file.seek(0)
        states.append(torch.load(file, map_location="cpu", weights_only=True))
        device = torch.device("cpu") if device == GPU else GPU
    assert states[-1]["step"] == 14


@pytest.mark.parametrize("kind", ["sgd", "adamw"])
def test_a_run_goes_on_whose_images_a_cpu_laid_out_otherwise(kind: str, longer: Experiment, examples: Examples) -> None:
    """Fused kernels take weights and momenta in one layout only."""
    experiment = with_changes(longer, [f"optimizer.kind={kind}", "optimizer.lr=0.001", "dropout.enabled=false"])
    before = Training(experiment, examples, torch.device("cpu"))
    before.set_layout("channels-first")
    next(event for event in train(before) if event == StepDone(6))
    file = io.BytesIO()
    torch.save(before.state(), file)
    file.seek(0)
    _, expected = driven(before)
    training = on_gpu(experiment, examples, recorded=True)
    training.restore(torch.load(file, map_location="cpu", weights_only=True))
    _, losses = driven(training)
    assert losses == pytest.approx(expected[-len(losses) :], rel=CLOSE["fp32"], abs=CLOSE["fp32"])


def test_a_worker_trains_on_a_gpu_from_epoch_zero_to_finished(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, spec_of("digits", "epochs=5"), datetime.now().astimezone())
    inbox = Inbox(folder)
    with PatientJournal(folder, inbox) as journal:
        prepare(folder, folder.spec().experiment, journal, "cuda:0", inbox).run()
    follower = Follower(folder)
    follower.poll()
    record = follower.record
    assert [epoch.epoch for epoch in record.epochs] == [0, 1, 2, 3, 4, 5]
    assert len(record.losses) == record.epochs[-1].step
    assert [warned.message for warned in record.warned if not warned.topic] == []
    assert record.epochs[-1].test_top1 > 80
